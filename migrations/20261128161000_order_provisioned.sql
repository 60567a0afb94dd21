-- Lists of what directories told are read page by page.
CREATE INDEX provisioned_people_order_idx ON provisioned_people (issuer, created_at, person_id);
CREATE INDEX provisioned_groups_order_idx ON provisioned_groups (issuer, created_at, group_id);
