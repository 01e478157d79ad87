package io.pitstop.aws;

/** A call that AWS would refuse, with its code. */
final class ElbRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    ElbRefusal(String code, String message) {
        super(message);
        this.code = code;
    }

    static ElbRefusal invalid(String message) {
        return new ElbRefusal("ValidationError", message);
    }

    String code() {
        return code;
    }
}
