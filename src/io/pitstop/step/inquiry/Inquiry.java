package io.pitstop.step.inquiry;

import io.pitstop.error.MoveRefused;
import io.pitstop.evidence.Missing;
import io.pitstop.release.Lease;
import java.util.List;

/** A question put to the database before contract, which may have no answer. */
public interface Inquiry {
    /** @throws MoveRefused if the answer speaks against contract */
    Answer ask(Lease lease);

    /** What nobody knows, whatever speaks against contract; found quickly, and changes nothing. */
    default List<Missing> missing(Lease lease) {
        return ask(lease).missing();
    }

    /**
     * @param shown what speaks for contract, with its source
     * @param missing what nobody knows
     */
    record Answer(List<String> shown, List<Missing> missing) {
        public Answer {
            shown = List.copyOf(shown);
            missing = List.copyOf(missing);
        }

        static Answer of(String shown) {
            return new Answer(List.of(shown), List.of());
        }

        static Answer missing(List<Missing> missing) {
            return new Answer(List.of(), missing);
        }
    }
}
