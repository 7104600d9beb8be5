-- The last event follows by itself: one statement less in the line of those who write.
CREATE TRIGGER event_is_last AFTER INSERT ON event BEGIN
    UPDATE journal_end SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
END;
