package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The functions on lists, after CEL's `lists` extension.
final class ListFunctions {
    private ListFunctions() {}

    static void define(Library.Definitions library) {
        define(
                library,
                ".slice",
                v -> slice((List<?>) v[0], (Long) v[1], (Long) v[2]),
                Type.ListOf.ANY,
                Scalar.INT,
                Scalar.INT);
        define(library, ".distinct", v -> distinct((List<?>) v[0]), Type.ListOf.ANY);
        define(library, ".sort", v -> sort((List<?>) v[0]), Type.ListOf.ANY);
        define(library, ".reverse", v -> ((List<?>) v[0]).reversed(), Type.ListOf.ANY);
        define(library, ".flatten", v -> flatten((List<?>) v[0]), Type.ListOf.ANY);
        define(library, "lists.range", v -> range((Long) v[0]), Scalar.INT);
    }

    private static void define(Library.Definitions library, String name, Function.Boxed body, Type... parameters) {
        library.define(name, Type.ListOf.ANY, body, parameters);
    }

    private static Object slice(List<?> list, long from, long to) {
        if (from < 0 || to < from || to > list.size()) {
            throw new EvaluationException(
                    Reason.INDEX, "slice from " + from + " to " + to + " of a list of " + list.size());
        }
        return list.subList((int) from, (int) to);
    }

    private static Object distinct(List<?> list) {
        checkShort(list, "distinct");
        List<Object> distinct = new ArrayList<>();
        for (Object element : list) {
            if (!Values.contains(element, distinct)) {
                distinct.add(element);
            }
        }
        return Collections.unmodifiableList(distinct);
    }

    /// Comparing each with each is quadratic.
    private static void checkShort(List<?> list, String operation) {
        if (list.size() > Limits.DISTINCT) {
            throw new EvaluationException(
                    Reason.LIMIT,
                    operation + " takes at most " + Limits.DISTINCT + " elements, but there are " + list.size());
        }
    }

    private static Object sort(List<?> list) {
        List<Object> sorted = new ArrayList<>(list);
        for (Object element : list) {
            boolean same = Type.of(element).equals(Type.of(sorted.getFirst()));
            if (!same
                    || element instanceof Type
                    || element instanceof NullValue
                    || Double.valueOf(Double.NaN).equals(element)) {
                throw new EvaluationException(
                        Reason.NO_SUCH_OVERLOAD, "sort takes values of one type that have an order");
            }
        }
        sorted.sort(Values::order);
        return Collections.unmodifiableList(sorted);
    }

    private static Object flatten(List<?> list) {
        List<Object> flat = new ArrayList<>();
        for (Object element : list) {
            if (element instanceof List<?> inner) {
                flat.addAll(inner);
            } else {
                flat.add(element);
            }
            Arithmetic.checkElements(flat.size());
        }
        return Collections.unmodifiableList(flat);
    }

    private static Object range(long size) {
        if (size > Limits.RANGE) {
            throw new EvaluationException(
                    Reason.LIMIT, "a range has at most " + Limits.RANGE + " elements, but would have " + size);
        }
        List<Object> range = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            range.add(i);
        }
        return Collections.unmodifiableList(range);
    }
}
