package io.pitstop.demo.witness;

import io.pitstop.demo.blog.Draft;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A post as it is stored.
 *
 * @param old as version 1 would read it; empty if its columns are gone
 * @param author whether it has an author as version 2 knows them
 * @param recent as version 2 would read it; with nulls if there is no such author; empty without an author
 */
record StoredPost(long id, Optional<Draft> old, boolean author, Optional<Draft> recent) {
    static StoredPost from(ResultSet row, Shape shape) throws SQLException {
        String title = row.getString(2);
        String content = row.getString(3);
        Draft old = new Draft(title, content, row.getString(4), row.getString(5));
        boolean author = row.getObject(6) != null;
        Draft recent = new Draft(title, content, row.getString(7), row.getString(8));
        return new StoredPost(
                row.getLong(1),
                shape.hasOld() ? Optional.of(old) : Optional.empty(),
                author,
                author ? Optional.of(recent) : Optional.empty());
    }

    @Override
    public String toString() {
        return "old columns " + old.map(Draft::toString).orElse("gone") + ", new ones "
                + recent.map(Draft::toString).orElse("empty");
    }
}
