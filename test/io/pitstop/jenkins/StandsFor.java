package io.pitstop.jenkins;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Names the class of Jenkins that a class of the harness takes the place of, as sandbox rules name it. */
@Retention(RetentionPolicy.RUNTIME)
@interface StandsFor {
    String value();
}
