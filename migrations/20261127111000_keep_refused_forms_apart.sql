-- A refused form on its way back to its page, apart from the session's data: that is written whole, so that two requests
-- at once could lose one or the other.
ALTER TABLE sessions
    ADD COLUMN refused_page text,
    ADD COLUMN refused_at timestamptz,
    ADD COLUMN refused_form text,
    ADD CONSTRAINT sessions_refused_check
        CHECK (num_nulls(refused_page, refused_at, refused_form) IN (0, 3));
