package io.pitstop.jenkins;

import com.cloudbees.groovy.cps.CpsTransformer;
import com.cloudbees.groovy.cps.sandbox.Untrusted;
import org.codehaus.groovy.ast.ClassCodeExpressionTransformer;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.FieldNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.stmt.Statement;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.SourceUnit;
import org.kohsuke.groovy.sandbox.SandboxTransformer;

/**
 * Compiles a pipeline as Jenkins compiles one that it does not trust: every call asks {@link Sandbox} first, in code
 * that can be suspended as well as in {@code @NonCPS} methods and constructors.
 */
final class SandboxedCps extends CpsTransformer {
    private final SandboxTransformer sandbox = new SandboxTransformer();
    private ClassCodeExpressionTransformer plainCode;

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        plainCode = sandbox.createVisitor(source, type);
        super.call(source, context, type);
    }

    @Override
    protected void processConstructors(ClassNode type) {
        sandbox.processConstructors(plainCode, type);
    }

    @Override
    protected void visitNontransformedMethod(MethodNode method) {
        plainCode.visitMethod(method);
    }

    @Override
    protected void visitNontransformedField(FieldNode field) {
        plainCode.visitField(field);
    }

    @Override
    protected void visitNontransformedStatement(Statement statement) {
        statement.visit(plainCode);
    }

    @Override
    @SuppressWarnings("rawtypes")
    protected Class getTrustTag() {
        return Untrusted.class;
    }
}
