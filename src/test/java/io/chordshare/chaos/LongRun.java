package io.chordshare.chaos;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A test of many processes or containers that two cores need half a minute or more for. It runs with {@code
 * -Dchordshare.chaos=true}, and so in every run of continuous integration, but not in a plain {@code mvn verify}: a
 * person who waits longer than fifteen minutes for it stops running it.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
        named = "chordshare.chaos",
        matches = "true",
        disabledReason = "takes long: run with -Dchordshare.chaos=true, as .ci/run does")
public @interface LongRun {}
