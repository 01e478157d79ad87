package io.pitstop.jenkins;

import groovy.lang.Closure;
import java.util.function.Function;

/** What JenkinsPipelineUnit runs for a step: Java in the shape of a closure. */
final class Answer extends Closure<Object> {
    private static final long serialVersionUID = 1L;

    private final transient Function<Object[], Object> answer;

    Answer(Function<Object[], Object> answer, Class<?>... arguments) {
        super(null);
        this.answer = answer;
        this.maximumNumberOfParameters = arguments.length;
        this.parameterTypes = arguments;
    }

    @Override
    public Object call(Object... arguments) {
        return answer.apply(arguments);
    }

    @Override
    public Object call(Object argument) {
        return answer.apply(new Object[] {argument});
    }

    @Override
    public Object call() {
        return answer.apply(new Object[0]);
    }
}
