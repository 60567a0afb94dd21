-- What made a job, as far as AWS tells: that there is a creator at all, the restore testing plan, the backup behind a copy.

ALTER TABLE jobs
    ADD COLUMN planned boolean NOT NULL DEFAULT false,
    ADD COLUMN restore_testing_plan text,
    ADD COLUMN created_by_job_id text;
