-- Jobs can be asked for alone. Whoever asks for the organization (requests) asks for jobs too.
ALTER TABLE sync_requests ADD COLUMN jobs_requests bigint NOT NULL DEFAULT 0;
