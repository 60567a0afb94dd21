-- Where a policy stands among those of its target, as AWS lists them: decides the places of new attachments.
ALTER TABLE staged_attachments ADD COLUMN place integer;
