package io.pitstop.jtf;

/** An output of the root module that is another one afterwards. */
public record OutputChange(String name, Action action, Value before, Value after) {
    /** One line for people, without the values. */
    public String line() {
        return action + " output " + name;
    }
}
