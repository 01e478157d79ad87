package io.pitstop.database;

/** As whom we open sessions; an empty password if the server asks for none. */
public record Login(String user, String password) {
    @Override
    public String toString() {
        return user;
    }
}
