package io.pitstop.traffic.route53;

import io.pitstop.release.Colour;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.Weights;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The weighted records of both colours, with everything that they are at one moment.
 *
 * @param blue has a weight
 * @param green has a weight
 */
record Route53Pair(ResourceRecordSet blue, ResourceRecordSet green) {
    ResourceRecordSet of(Colour colour) {
        return colour == Colour.BLUE ? blue : green;
    }

    Weights weights() {
        return new Weights(blue.weight().intValue(), green.weight().intValue());
    }

    /**
     * What leads from here, and only from here, to {@code target}: Route 53 refuses to delete a record that is not exactly
     * as told, and takes all changes of a batch or none. So no order can undo what another writer did meanwhile, and none
     * that was lost can come late. Everything but the weights stays.
     */
    List<Change> to(Split target) {
        Weights weights = Weights.of(target);
        if (weights.equals(weights())) {
            // The same split by other numbers, so that this too is a change.
            weights = new Weights(2 * weights.blue(), 2 * weights.green());
        }
        ResourceRecordSet nextBlue = weighted(blue, weights.blue());
        ResourceRecordSet nextGreen = weighted(green, weights.green());
        return Stream.of(delete(blue), delete(green), create(nextBlue), create(nextGreen))
                .toList();
    }

    private static ResourceRecordSet weighted(ResourceRecordSet record, long weight) {
        return record.toBuilder().weight(weight).build();
    }

    private static Change delete(ResourceRecordSet record) {
        return change(ChangeAction.DELETE, record);
    }

    private static Change create(ResourceRecordSet record) {
        return change(ChangeAction.CREATE, record);
    }

    private static Change change(ChangeAction action, ResourceRecordSet record) {
        return Change.builder().action(action).resourceRecordSet(record).build();
    }
}
