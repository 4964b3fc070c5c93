package dev.weir.runtime.junit;

import static java.lang.classfile.ClassFile.ACC_NATIVE;
import static java.lang.classfile.ClassFile.ACC_PRIVATE;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.classfile.ClassFile.ACC_SYNCHRONIZED;
import static java.lang.classfile.ClassFile.ACC_SYNTHETIC;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Map;
import java.util.Set;

/// Rewrites a class so that its threads can be switched wherever it matters: before each access to
/// a field or an array element, before each call of `java.util.concurrent`, and at monitors, which
/// become simulated ones. Calls that wait for real time become calls that wait for the bubble's.
///
/// Class initializers stay as they are: a virtual thread cannot give up its turn in there.
final class SwitchPoints {
    private static final ClassDesc REWRITTEN =
            Rewritten.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc OF_NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc OF_OBJECT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);
    private static final MethodTypeDesc OBJECT_OF_OBJECT =
            MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object);

    /// The methods of [Object], which are called on objects of any class.
    private static final Map<String, String> MONITOR_CALLS = Map.of(
            "wait()V", "await",
            "wait(J)V", "await",
            "wait(JI)V", "await",
            "notify()V", "signal",
            "notifyAll()V", "signalAll");

    private static final Map<String, Set<String>> STATIC_CALLS = Map.of(
            "java/lang/Thread", Set.of("sleep", "onSpinWait"),
            "java/lang/System", Set.of("nanoTime", "currentTimeMillis"),
            "java/time/Instant", Set.of("now"),
            "java/util/concurrent/locks/LockSupport", Set.of("park", "parkNanos"));

    private static final String BODY = "$withoutMonitor";

    private final ClassFile classes;

    SwitchPoints(ClassLoader loader) {
        classes = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
    }

    byte[] rewrite(byte[] original) {
        ClassModel model = classes.parse(original);
        return classes.transformClass(model, (builder, element) -> rewrite(model, builder, element));
    }

    private void rewrite(ClassModel model, ClassBuilder builder, ClassElement element) {
        if (!(element instanceof MethodModel method)
                || method.code().isEmpty()
                || method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)) {
            builder.with(element);
            return;
        }
        if (!method.flags().has(AccessFlag.SYNCHRONIZED)) {
            builder.transformMethod(method, java.lang.classfile.MethodTransform.transformingCode(points()));
            return;
        }
        String body = method.methodName().stringValue() + BODY;
        int flags = method.flags().flagsMask() & ~(ACC_SYNCHRONIZED | ACC_NATIVE);
        builder.withMethod(
                body,
                method.methodTypeSymbol(),
                (flags & ACC_STATIC) | ACC_PRIVATE | ACC_SYNTHETIC,
                made -> made.transformCode(method.code().orElseThrow(), points()));
        builder.transformMethod(method, (made, part) -> {
            switch (part) {
                case AccessFlags _ -> made.withFlags(flags);
                case java.lang.classfile.CodeModel _ ->
                    made.withCode(code -> callUnderMonitor(model, method, body, code));
                default -> made.with(part);
            }
        });
    }

    /// `synchronized (this or the class) { return body(arguments); }`
    private static void callUnderMonitor(ClassModel model, MethodModel method, String body, CodeBuilder code) {
        ClassDesc owner = model.thisClass().asSymbol();
        MethodTypeDesc type = method.methodTypeSymbol();
        boolean isStatic = method.flags().has(AccessFlag.STATIC);
        loadLock(code, owner, isStatic);
        enter(code);
        code.trying(
                tried -> {
                    if (!isStatic) {
                        tried.aload(0);
                    }
                    for (int i = 0; i < type.parameterCount(); i++) {
                        tried.loadLocal(TypeKind.from(type.parameterType(i)), tried.parameterSlot(i));
                    }
                    if (isStatic) {
                        tried.invokestatic(owner, body, type);
                    } else {
                        tried.invokespecial(owner, body, type);
                    }
                },
                catches -> catches.catchingAll(thrown -> {
                    loadLock(thrown, owner, isStatic);
                    exit(thrown);
                    thrown.athrow();
                }));
        loadLock(code, owner, isStatic);
        exit(code);
        code.return_(TypeKind.from(type.returnType()));
    }

    private static void loadLock(CodeBuilder code, ClassDesc owner, boolean isStatic) {
        if (isStatic) {
            code.loadConstant(owner);
        } else {
            code.aload(0);
        }
    }

    private static void enter(CodeBuilder code) {
        code.invokestatic(REWRITTEN, "enter", OBJECT_OF_OBJECT).monitorenter();
    }

    private static void exit(CodeBuilder code) {
        code.dup()
                .invokestatic(REWRITTEN, "token", OBJECT_OF_OBJECT)
                .monitorexit()
                .invokestatic(REWRITTEN, "exit", OF_OBJECT);
    }

    private static CodeTransform points() {
        return SwitchPoints::rewrite;
    }

    private static void rewrite(CodeBuilder code, CodeElement element) {
        switch (element) {
            case FieldInstruction _, ArrayLoadInstruction _, ArrayStoreInstruction _ -> {
                point(code);
                code.with(element);
            }
            case MonitorInstruction monitor -> {
                switch (monitor.opcode()) {
                    case MONITORENTER -> enter(code);
                    default -> exit(code);
                }
            }
            case InvokeInstruction call -> rewriteCall(code, call);
            default -> code.with(element);
        }
    }

    private static void rewriteCall(CodeBuilder code, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        String monitorCall = MONITOR_CALLS.get(name + call.type().stringValue());
        switch (call.opcode()) {
            case INVOKEVIRTUAL, INVOKEINTERFACE, INVOKESPECIAL -> {
                if (monitorCall != null) {
                    var type = call.typeSymbol().insertParameterTypes(0, ConstantDescs.CD_Object);
                    code.invokestatic(REWRITTEN, monitorCall, type);
                    return;
                }
            }
            default -> {
                boolean known = STATIC_CALLS.getOrDefault(owner, Set.of()).contains(name);
                if (known && !call.type().stringValue().contains("java/time/Clock")) {
                    code.invokestatic(REWRITTEN, name, call.typeSymbol());
                    return;
                }
            }
        }
        if (isShared(owner) && !name.equals(ConstantDescs.INIT_NAME)) {
            point(code);
        }
        code.with(call);
    }

    private static boolean isShared(String owner) {
        return owner.startsWith("java/util/concurrent/")
                || owner.equals("java/lang/invoke/VarHandle")
                || owner.equals("java/lang/Thread");
    }

    private static void point(CodeBuilder code) {
        code.invokestatic(REWRITTEN, "point", OF_NOTHING);
    }
}
