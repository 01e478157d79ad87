package io.pitstop.jenkins;

import groovy.lang.GroovyClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.AttributeExpression;
import org.codehaus.groovy.ast.expr.BinaryExpression;
import org.codehaus.groovy.ast.expr.CastExpression;
import org.codehaus.groovy.ast.expr.ClassExpression;
import org.codehaus.groovy.ast.expr.ConstructorCallExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.MethodPointerExpression;
import org.codehaus.groovy.ast.expr.PostfixExpression;
import org.codehaus.groovy.ast.expr.PrefixExpression;
import org.codehaus.groovy.ast.expr.PropertyExpression;
import org.codehaus.groovy.ast.expr.RangeExpression;
import org.codehaus.groovy.ast.expr.StaticMethodCallExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.ForStatement;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.syntax.Types;

/**
 * Every call in some Groovy that is neither a pipeline step nor a call of that Groovy's own classes. Which type
 * receives a call is often known only when it runs, so a call is told by its name and the number of its arguments;
 * {@link Sandbox} knows the types.
 */
final class GroovyCalls {
    private static final Set<String> HARMLESS_CASTS = Set.of(
            "java.util.Map", "java.util.List", "java.lang.String", "java.lang.Integer", "int", "java.lang.Object");

    private final List<Call> calls = new ArrayList<>();
    private final Set<String> ownClasses = new HashSet<>();
    private final Set<String> ownMethods = new HashSet<>();

    /**
     * @param anyOf the call may become one of these, by the types of its operands
     */
    record Call(String place, String code, List<Signature> anyOf) {}

    /** The name of a method, {@code <init>} and a type, or a static method with its type. */
    record Signature(String name, int arguments) {}

    static List<Call> in(List<Path> files, GroovyClassLoader loader, CompilerConfiguration language) {
        GroovyCalls found = new GroovyCalls();
        CompilationUnit unit = new CompilationUnit(language, null, loader);
        files.forEach(file -> unit.addSource(file.toFile()));
        unit.compile(Phases.SEMANTIC_ANALYSIS);
        List<ClassNode> classes = new ArrayList<>();
        unit.getAST().getModules().forEach(module -> classes.addAll(module.getClasses()));
        for (ClassNode type : classes) {
            found.ownClasses.add(type.getName());
            type.getMethods().forEach(method -> found.ownMethods.add(method.getName()));
        }
        classes.forEach(type -> found.new Visitor(type).visitClass(type));
        return found.calls;
    }

    private final class Visitor extends ClassCodeVisitorSupport {
        private final ClassNode type;
        private final String file;

        Visitor(ClassNode type) {
            this.type = type;
            this.file = type.getModule().getContext().getName();
        }

        @Override
        public void visitMethodCallExpression(MethodCallExpression call) {
            super.visitMethodCallExpression(call);
            Expression receiver = call.getObjectExpression();
            String name = call.getMethodAsString();
            if (receiver instanceof ClassExpression) {
                staticCall(call, receiver.getType(), name, call.getArguments());
            } else if (name == null || call.isSpreadSafe()) {
                add(call, call.getText());
            } else if (!isFree(receiver) && !isOwn(receiver, name)) {
                add(call, call.getText(), new Signature(name, count(call.getArguments())));
            } else if (call.isImplicitThis() && !isScript() && !ownMethods.contains(name)) {
                add(call, call.getText() + " (a pipeline step is called on script)");
            }
        }

        @Override
        public void visitStaticMethodCallExpression(StaticMethodCallExpression call) {
            super.visitStaticMethodCallExpression(call);
            staticCall(call, call.getOwnerType(), call.getMethod(), call.getArguments());
        }

        @Override
        public void visitConstructorCallExpression(ConstructorCallExpression call) {
            super.visitConstructorCallExpression(call);
            if (!call.isSpecialCall() && !ownClasses.contains(call.getType().getName())) {
                String made = "<init> " + call.getType().getName();
                add(call, call.getText(), new Signature(made, count(call.getArguments())));
            }
        }

        @Override
        public void visitPropertyExpression(PropertyExpression property) {
            super.visitPropertyExpression(property);
            Expression receiver = property.getObjectExpression();
            String name = property.getPropertyAsString();
            if (name == null || property.isSpreadSafe()) {
                add(property, property.getText());
            } else if (receiver instanceof ClassExpression) {
                if (!ownClasses.contains(receiver.getType().getName()) && !name.equals("class")) {
                    add(property, property.getText());
                }
            } else if (!isFree(receiver)
                    && !ownClasses.contains(receiver.getType().getName())) {
                String getter = "get" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
                String setter = "s" + getter.substring(1);
                // Whether it is read or set, and of a map, of env or of another object, shows when it runs.
                add(
                        property,
                        property.getText(),
                        new Signature("get", 1),
                        new Signature("getProperty", 1),
                        new Signature("setProperty", 2),
                        new Signature(getter, 0),
                        new Signature(setter, 1));
            }
        }

        @Override
        public void visitAttributeExpression(AttributeExpression attribute) {
            add(attribute, attribute.getText());
        }

        @Override
        public void visitMethodPointerExpression(MethodPointerExpression pointer) {
            add(pointer, pointer.getText());
        }

        @Override
        public void visitRangeExpression(RangeExpression range) {
            super.visitRangeExpression(range);
            add(range, range.getText(), new Signature("<init> groovy.lang.IntRange", 3));
        }

        @Override
        public void visitCastExpression(CastExpression cast) {
            super.visitCastExpression(cast);
            String to = cast.getType().getName();
            if (!HARMLESS_CASTS.contains(to) && !ownClasses.contains(to)) {
                add(cast, cast.getText());
            }
        }

        @Override
        public void visitPostfixExpression(PostfixExpression step) {
            super.visitPostfixExpression(step);
            add(
                    step,
                    step.getText(),
                    new Signature(step.getOperation().getText().equals("++") ? "next" : "previous", 0));
        }

        @Override
        public void visitPrefixExpression(PrefixExpression step) {
            super.visitPrefixExpression(step);
            add(
                    step,
                    step.getText(),
                    new Signature(step.getOperation().getText().equals("++") ? "next" : "previous", 0));
        }

        @Override
        public void visitForLoop(ForStatement loop) {
            super.visitForLoop(loop);
            if (loop.getVariable() != ForStatement.FOR_LOOP_DUMMY) {
                Expression over = loop.getCollectionExpression();
                add(over, "for (… in " + over.getText() + ")", new Signature("iterator", 0));
                add(over, "for (… in " + over.getText() + ")", new Signature("hasNext", 0));
                add(over, "for (… in " + over.getText() + ")", new Signature("next", 0));
            }
        }

        @Override
        public void visitBinaryExpression(BinaryExpression operation) {
            super.visitBinaryExpression(operation);
            List<Signature> meant = operator(operation);
            boolean arithmetic = meant.size() == 1 && isNumber(operation.getLeftExpression());
            if (!meant.isEmpty() && !arithmetic) {
                add(operation, operation.getText(), meant.toArray(Signature[]::new));
            }
        }

        private List<Signature> operator(BinaryExpression operation) {
            return switch (operation.getOperation().getType()) {
                case Types.ASSIGN, Types.LOGICAL_AND, Types.LOGICAL_OR, Types.KEYWORD_INSTANCEOF -> List.of();
                case Types.COMPARE_EQUAL -> comparison("compareEqual");
                case Types.COMPARE_NOT_EQUAL -> comparison("compareNotEqual");
                case Types.COMPARE_LESS_THAN -> comparison("compareLessThan");
                case Types.COMPARE_LESS_THAN_EQUAL -> comparison("compareLessThanEqual");
                case Types.COMPARE_GREATER_THAN -> comparison("compareGreaterThan");
                case Types.COMPARE_GREATER_THAN_EQUAL -> comparison("compareGreaterThanEqual");
                case Types.PLUS, Types.PLUS_EQUAL -> List.of(new Signature("plus", 1));
                case Types.MINUS, Types.MINUS_EQUAL -> List.of(new Signature("minus", 1));
                case Types.MULTIPLY -> List.of(new Signature("multiply", 1));
                case Types.LEFT_SHIFT -> List.of(new Signature("leftShift", 1));
                case Types.LEFT_SQUARE_BRACKET -> List.of(new Signature("getAt", 1), new Signature("putAt", 2));
                case Types.KEYWORD_IN -> List.of(new Signature("isCase", 2));
                default -> List.of(new Signature(operation.getOperation().getText(), 1));
            };
        }

        private List<Signature> comparison(String inSuspendableCode) {
            return List.of(
                    new Signature(inSuspendableCode, 2), new Signature("compareTo", 1), new Signature("equals", 1));
        }

        private void staticCall(Expression call, ClassNode owner, String name, Expression arguments) {
            if (!ownClasses.contains(owner.getName())) {
                add(call, call.getText(), new Signature(owner.getName() + " " + name, count(arguments)));
            }
        }

        /** Steps, and variables such as env, which Jenkins serves itself. */
        private boolean isFree(Expression receiver) {
            String text = receiver.getText();
            return text.equals("this") || text.equals("super") || text.equals("script") || text.equals("this.script");
        }

        private boolean isOwn(Expression receiver, String method) {
            String declared = receiver.getType().getName();
            boolean unknown = receiver.getType().equals(ClassHelper.OBJECT_TYPE);
            return ownClasses.contains(declared) || unknown && ownMethods.contains(method) && !method.equals("call");
        }

        private boolean isScript() {
            return type.isScript();
        }

        private boolean isNumber(Expression operand) {
            return ClassHelper.isNumberType(operand.getType())
                    || operand instanceof VariableExpression variable
                            && ClassHelper.isNumberType(variable.getOriginType());
        }

        private int count(Expression arguments) {
            if (arguments instanceof ArgumentListExpression list) {
                return list.getExpressions().size();
            }
            return arguments instanceof TupleExpression named
                    ? named.getExpressions().size()
                    : 1;
        }

        private void add(Expression at, String code, Signature... anyOf) {
            boolean madeByTheCompiler = at.getLineNumber() < 0;
            if (madeByTheCompiler) {
                return;
            }
            calls.add(new Call(file + ":" + at.getLineNumber(), code, List.of(anyOf)));
        }

        @Override
        protected SourceUnit getSourceUnit() {
            return type.getModule().getContext();
        }
    }
}
