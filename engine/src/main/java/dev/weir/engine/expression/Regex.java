package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.ArrayList;
import java.util.List;

/// A regular expression in the syntax of RE2, matched in time that is linear in the text (times
/// the size of the pattern), whatever the pattern: all its states are followed at once (Thompson
/// 1968; Cox, "Regular Expression Matching: the Virtual Machine Approach").
///
/// `java.util.regex` backtracks, so that `(a+)+b` over 30 letters takes minutes and holds a
/// worker; CEL demands RE2's bound as well. Only "does it occur" is answered, hence no captures.
final class Regex {
    /// What an instruction does: step over a character of a set, go on in two places, go on in
    /// one, assert a place, succeed.
    enum Op {
        SET,
        SPLIT,
        JUMP,
        ASSERT,
        MATCH
    }

    /// Places that can be asserted.
    enum Place {
        TEXT_START,
        TEXT_END,
        LINE_START,
        LINE_END,
        BOUNDARY,
        NO_BOUNDARY
    }

    /// @param op    what it does
    /// @param set   the characters of [Op#SET]
    /// @param place the place of [Op#ASSERT]
    /// @param x     where [Op#JUMP] and [Op#SPLIT] go on
    /// @param y     where else [Op#SPLIT] goes on
    record Instruction(Op op, CharacterSet set, Place place, int x, int y) {
        static Instruction of(Op op, int x, int y) {
            return new Instruction(op, CharacterSet.NONE, Place.TEXT_START, x, y);
        }

        static Instruction of(CharacterSet set) {
            return new Instruction(Op.SET, set, Place.TEXT_START, 0, 0);
        }

        static Instruction of(Place place) {
            return new Instruction(Op.ASSERT, CharacterSet.NONE, place, 0, 0);
        }
    }

    private final Instruction[] program;

    private Regex(List<Instruction> program) {
        this.program = program.toArray(Instruction[]::new);
    }

    /// @throws EvaluationException if the pattern is none, or is too long
    static Regex compile(String pattern) {
        List<Instruction> program = new ArrayList<>();
        new RegexParser(pattern).parse().emit(program);
        program.add(Instruction.of(Op.MATCH, 0, 0));
        return new Regex(program);
    }

    static EvaluationException invalid(String pattern, int at, String message) {
        return new EvaluationException(
                Reason.INVALID,
                "the pattern " + Text.shown(pattern) + " is invalid at character " + (at + 1) + ": " + message);
    }

    /// Whether the pattern occurs anywhere in the text.
    boolean find(String text) {
        if ((long) (text.length() + 1) * program.length > Limits.MATCHING) {
            throw new EvaluationException(
                    Reason.LIMIT,
                    "matching " + text.length() + " characters with a pattern of " + program.length
                            + " states is more work than " + Limits.MATCHING);
        }
        States now = new States(program.length);
        States next = new States(program.length);
        int at = 0;
        while (true) {
            if (now.add(this, 0, text, at)) {
                return true;
            }
            if (at == text.length()) {
                return false;
            }
            int c = text.codePointAt(at);
            int after = at + Character.charCount(c);
            for (int i = 0; i < now.size; i++) {
                int state = now.dense[i];
                Instruction instruction = program[state];
                boolean steps = instruction.op == Op.SET && instruction.set.contains(c);
                if (steps && next.add(this, state + 1, text, after)) {
                    return true;
                }
            }
            States swapped = now;
            now = next;
            next = swapped;
            next.size = 0;
            at = after;
        }
    }

    private static boolean holds(Place place, String text, int at) {
        return switch (place) {
            case TEXT_START -> at == 0;
            case TEXT_END -> at == text.length();
            case LINE_START -> at == 0 || text.charAt(at - 1) == '\n';
            case LINE_END -> at == text.length() || text.charAt(at) == '\n';
            case BOUNDARY -> boundary(text, at);
            case NO_BOUNDARY -> !boundary(text, at);
        };
    }

    private static boolean boundary(String text, int at) {
        boolean before = at > 0 && CharacterSet.WORD.contains(text.charAt(at - 1));
        boolean after = at < text.length() && CharacterSet.WORD.contains(text.charAt(at));
        return before != after;
    }

    /// A set of states that is emptied at once: a state is in it if its place in `sparse` points
    /// to it in `dense`.
    private static final class States {
        private final int[] dense;
        private final int[] sparse;
        private final int[] waiting;
        private int size;

        States(int states) {
            dense = new int[states];
            sparse = new int[states];
            // Each state is entered once and leaves at most two waiting.
            waiting = new int[2 * states + 1];
        }

        private boolean enter(int state) {
            int place = sparse[state];
            if (place < size && dense[place] == state) {
                return false;
            }
            sparse[state] = size;
            dense[size++] = state;
            return true;
        }

        /// Adds a state and all that it leads to without a character; answers whether success is
        /// among them.
        boolean add(Regex regex, int first, String text, int at) {
            int count = 0;
            waiting[count++] = first;
            while (count > 0) {
                int state = waiting[--count];
                if (!enter(state)) {
                    continue;
                }
                Instruction instruction = regex.program[state];
                switch (instruction.op) {
                    case MATCH -> {
                        return true;
                    }
                    case JUMP -> waiting[count++] = instruction.x;
                    case SPLIT -> {
                        waiting[count++] = instruction.x;
                        waiting[count++] = instruction.y;
                    }
                    case ASSERT -> {
                        if (holds(instruction.place, text, at)) {
                            waiting[count++] = state + 1;
                        }
                    }
                    case SET -> {
                        // waits for a character
                    }
                }
            }
            return false;
        }
    }
}
