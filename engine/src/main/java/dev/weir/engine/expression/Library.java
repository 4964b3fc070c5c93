package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// All functions of the language by name, and the choice among overloads.
final class Library {
    /// Namespaces and extensions of CEL that are known and are not here.
    static final Set<String> REFUSED =
            Set.of("cel", "optional", "base64", "proto", "google", "regex", "sets", "net", "ip", "cidr");

    private static final Set<String> SPACES = Set.of("math", "strings", "lists");
    private static final Map<String, List<Function>> FUNCTIONS = new LinkedHashMap<>();

    static {
        Conversions.define(Library::define);
        TextFunctions.define(Library::define);
        TimeFunctions.define(Library::define);
        MathFunctions.define(Library::define);
        ListFunctions.define(Library::define);
    }

    private Library() {}

    /// Takes the overloads of one part of the library.
    interface Definitions {
        void define(String name, Type result, Function.Body body, Type... parameters);
    }

    private static void define(String name, Type result, Function.Body body, Type... parameters) {
        FUNCTIONS
                .computeIfAbsent(name, _ -> new ArrayList<>())
                .add(new Function(name, List.of(parameters), result, body));
    }

    static boolean isSpace(String name) {
        return SPACES.contains(name);
    }

    static boolean isFunction(String name) {
        return FUNCTIONS.containsKey(name);
    }

    static Node call(Compiler compiler, String name, Node[] arguments, int offset) {
        boolean extreme = name.equals("math.greatest") || name.equals("math.least");
        if (extreme && arguments.length > 0 && (arguments.length > 1 || !(arguments[0].type instanceof Type.ListOf))) {
            return extreme(name.equals("math.greatest"), arguments, offset);
        }
        List<Function> overloads = FUNCTIONS.get(name);
        if (overloads == null) {
            throw unknown(name, arguments, offset);
        }
        List<Function> candidates = candidates(overloads, arguments, false);
        if (candidates.isEmpty()) {
            candidates = candidates(overloads, arguments, true);
        }
        if (candidates.isEmpty()) {
            throw mismatch(overloads, arguments, offset);
        }
        return special(compiler, name, candidates, arguments, offset);
    }

    private static List<Function> candidates(List<Function> overloads, Node[] arguments, boolean adapting) {
        boolean dynamic = Arrays.stream(arguments).anyMatch(argument -> argument.type == Scalar.DYN);
        return overloads.stream()
                .filter(overload -> overload.accepts(arguments, adapting || dynamic))
                .toList();
    }

    private static Node special(
            Compiler compiler, String name, List<Function> candidates, Node[] arguments, int offset) {
        Node first = arguments[0];
        boolean number = first.type == Scalar.DOUBLE || first.type == Scalar.INT || first.type == Scalar.DYN;
        if (name.equals("double") && number) {
            return new Call.ToReal(first, offset);
        }
        if (name.equals("int") && number) {
            return new Call.ToWhole(first, offset);
        }
        if (name.equals("matches") || name.equals(".matches")) {
            // Matching is the one function whose cost is a product, hence it is never done while compiling.
            compiler.unfoldable();
            if (arguments[1] instanceof Constant constant && constant.value instanceof String pattern) {
                return new Call.Matches(regex(pattern, constant.offset), first, offset);
            }
        }
        return Call.of(candidates, arguments, offset);
    }

    private static Regex regex(String pattern, int offset) {
        try {
            return Regex.compile(pattern);
        } catch (EvaluationException e) {
            throw new Mistake(offset, String.valueOf(e.getMessage()));
        }
    }

    private static Node extreme(boolean greatest, Node[] arguments, int offset) {
        boolean real = true;
        for (Node argument : arguments) {
            if (argument.type != Scalar.DYN && !argument.type.numeric()) {
                throw new Mistake(argument.offset, "expected a number, but this is " + argument.type);
            }
            real &= argument.type == Scalar.DOUBLE || argument.adapts();
        }
        boolean some = Arrays.stream(arguments).anyMatch(argument -> argument.type == Scalar.DOUBLE);
        if (real && some) {
            return new Call.Extreme(greatest, arguments, offset);
        }
        Type type = arguments[0].type;
        Type[] parameters = new Type[arguments.length];
        for (int i = 0; i < parameters.length; i++) {
            type = Type.join(type, arguments[i].type);
            parameters[i] = Scalar.DYN;
        }
        Function.Boxed body = values -> MathFunctions.extreme(Arrays.asList(values), greatest);
        String name = greatest ? "math.greatest" : "math.least";
        return Call.of(List.of(new Function(name, List.of(parameters), type, body)), arguments, offset);
    }

    private static Mistake unknown(String name, Node[] arguments, int offset) {
        if (!name.startsWith(".")) {
            Set<String> near = new HashSet<>(FUNCTIONS.keySet());
            near.removeIf(known -> known.startsWith("."));
            String hint = NearestName.hint(name, near);
            String member =
                    FUNCTIONS.containsKey("." + name) ? ", write it after its text or list: x." + name + "(…)" : hint;
            return new Mistake(offset, "unknown function '" + name + "'" + member);
        }
        Set<String> near = FUNCTIONS.keySet().stream()
                .filter(known -> known.startsWith("."))
                .map(known -> known.substring(1))
                .collect(Collectors.toCollection(HashSet::new));
        near.addAll(Macros.NAMES);
        String shown = name.substring(1);
        return new Mistake(
                offset, "unknown function '" + shown + "' of " + arguments[0].type + NearestName.hint(shown, near));
    }

    private static Mistake mismatch(List<Function> overloads, Node[] arguments, int offset) {
        String given = Arrays.stream(arguments)
                .map(argument -> argument.type.toString())
                .collect(Collectors.joining(", "));
        String known = overloads.stream().map(Function::shown).limit(6).collect(Collectors.joining(", "));
        String name = overloads.getFirst().name();
        return new Mistake(offset, "no " + name + " for (" + given + "), expected " + known);
    }
}
