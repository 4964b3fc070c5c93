package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import dev.weir.engine.expression.Regex.Instruction;
import dev.weir.engine.expression.Regex.Op;
import dev.weir.engine.expression.Regex.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads RE2's syntax: literals, `.`, classes, `\d \w \s \b`, anchors, groups, `|`, `* + ? {n,m}`
/// (greedy or lazy, which is the same here) and the flags `i`, `s`, `m`. What needs backtracking
/// (back-references, looking around) is refused, as are Unicode classes.
final class RegexParser {
    private static final int REPEATS = 1000;

    private final String pattern;
    private int at;
    private int nesting;
    private boolean blind;
    private boolean dotAll;
    private boolean multiline;

    RegexParser(String pattern) {
        this.pattern = pattern;
    }

    /// A piece of a pattern.
    sealed interface Piece {
        void emit(List<Instruction> program);
    }

    private static void add(List<Instruction> program, Instruction instruction) {
        if (program.size() >= Limits.PATTERN) {
            throw new EvaluationException(Reason.LIMIT, "a pattern has at most " + Limits.PATTERN + " states");
        }
        program.add(instruction);
    }

    record One(Instruction instruction) implements Piece {
        @Override
        public void emit(List<Instruction> program) {
            add(program, instruction);
        }
    }

    record Sequence(List<Piece> pieces) implements Piece {
        @Override
        public void emit(List<Instruction> program) {
            pieces.forEach(piece -> piece.emit(program));
        }
    }

    record Choice(List<Piece> pieces) implements Piece {
        @Override
        public void emit(List<Instruction> program) {
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < pieces.size() - 1; i++) {
                int split = program.size();
                add(program, Instruction.of(Op.SPLIT, split + 1, 0));
                pieces.get(i).emit(program);
                ends.add(program.size());
                add(program, Instruction.of(Op.JUMP, 0, 0));
                program.set(split, Instruction.of(Op.SPLIT, split + 1, program.size()));
            }
            pieces.getLast().emit(program);
            ends.forEach(end -> program.set(end, Instruction.of(Op.JUMP, program.size(), 0)));
        }
    }

    /// @param most -1 for no end
    record Repeat(Piece piece, int least, int most) implements Piece {
        @Override
        public void emit(List<Instruction> program) {
            int before = -1;
            // A piece without instructions, such as (), would be repeated for nothing, and its repetitions again.
            for (int i = 0; i < least && program.size() > before; i++) {
                before = program.size();
                piece.emit(program);
            }
            if (most < 0) {
                int split = program.size();
                add(program, Instruction.of(Op.SPLIT, split + 1, 0));
                piece.emit(program);
                add(program, Instruction.of(Op.JUMP, split, 0));
                program.set(split, Instruction.of(Op.SPLIT, split + 1, program.size()));
                return;
            }
            List<Integer> splits = new ArrayList<>();
            for (int i = least; i < most; i++) {
                splits.add(program.size());
                add(program, Instruction.of(Op.SPLIT, 0, 0));
                piece.emit(program);
            }
            splits.forEach(split -> program.set(split, Instruction.of(Op.SPLIT, split + 1, program.size())));
        }
    }

    Piece parse() {
        Piece piece = choice();
        if (at < pattern.length()) {
            throw invalid("')' without '('");
        }
        return piece;
    }

    private EvaluationException invalid(String message) {
        return Regex.invalid(pattern, at, message);
    }

    private boolean more() {
        return at < pattern.length();
    }

    private boolean accept(String text) {
        if (pattern.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    private Piece choice() {
        if (++nesting > Limits.NESTING) {
            throw invalid("groups are nested deeper than " + Limits.NESTING);
        }
        List<Piece> choices = new ArrayList<>();
        do {
            List<Piece> pieces = new ArrayList<>();
            while (more() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
                pieces.add(repeated(atom()));
            }
            choices.add(new Sequence(pieces));
        } while (accept("|"));
        nesting--;
        return choices.size() == 1 ? choices.getFirst() : new Choice(choices);
    }

    private Piece repeated(Piece atom) {
        Piece piece = atom;
        int bounds = 0;
        while (more()) {
            if (accept("*")) {
                piece = new Repeat(piece, 0, -1);
            } else if (accept("+")) {
                piece = new Repeat(piece, 1, -1);
            } else if (accept("?")) {
                piece = new Repeat(piece, 0, 1);
            } else if (pattern.charAt(at) == '{' && counted()) {
                piece = repeat(piece);
            } else {
                return piece;
            }
            accept("?");
            if (++bounds > 1) {
                throw invalid("a repetition of a repetition needs a group");
            }
        }
        return piece;
    }

    /// Whether the `{` here begins a count; as in RE2 it is a literal otherwise.
    private boolean counted() {
        int end = pattern.indexOf('}', at);
        return end > at + 1 && pattern.substring(at + 1, end).matches("[0-9]{1,4}(,[0-9]{0,4})?");
    }

    private Piece repeat(Piece piece) {
        int end = pattern.indexOf('}', at);
        String[] counts = pattern.substring(at + 1, end).split(",", -1);
        int least = Integer.parseInt(counts[0]);
        int most = counts.length == 1 ? least : counts[1].isEmpty() ? -1 : Integer.parseInt(counts[1]);
        if (least > REPEATS || most > REPEATS || (most >= 0 && most < least)) {
            throw invalid("a count is at most " + REPEATS + ", and the first at most the second");
        }
        at = end + 1;
        return new Repeat(piece, least, most);
    }

    private Piece set(CharacterSet set) {
        return new One(Instruction.of(set.blind(blind)));
    }

    private Piece atom() {
        int c = pattern.codePointAt(at);
        switch (c) {
            case '(' -> {
                at++;
                return group();
            }
            case '[' -> {
                at++;
                return set(charClass());
            }
            case '\\' -> {
                at++;
                return escape();
            }
            case '*', '+', '?' -> throw invalid("nothing to repeat");
            case '{' -> {
                if (counted()) {
                    throw invalid("nothing to repeat");
                }
                at++;
            }
            default -> at += Character.charCount(c);
        }
        return switch (c) {
            case '.' -> new One(Instruction.of(dotAll ? CharacterSet.ANY : CharacterSet.ANY_BUT_LINE_END));
            case '^' -> new One(Instruction.of(multiline ? Place.LINE_START : Place.TEXT_START));
            case '$' -> new One(Instruction.of(multiline ? Place.LINE_END : Place.TEXT_END));
            default -> set(CharacterSet.of(c, c));
        };
    }

    private Piece group() {
        boolean[] flags = {blind, dotAll, multiline};
        if (accept("?P<")
                || (pattern.startsWith("?<", at) && !pattern.startsWith("?<=", at) && !pattern.startsWith("?<!", at))) {
            int end = pattern.indexOf('>', at);
            if (end < 0) {
                throw invalid("the name of the group has no '>'");
            }
            at = end + 1;
        } else if (accept("?") && flagged()) {
            // (?i) holds to the end of the group that it stands in. RE2 lets a repetition after it skip to the piece
            // before.
            if (more() && "*+?".indexOf(pattern.charAt(at)) >= 0) {
                throw invalid("nothing to repeat");
            }
            return new Sequence(List.of());
        }
        Piece inner = choice();
        if (!accept(")")) {
            throw invalid("'(' without ')'");
        }
        blind = flags[0];
        dotAll = flags[1];
        multiline = flags[2];
        return inner;
    }

    /// Reads `i-s:` or `i)`; answers whether the group ends there.
    private boolean flagged() {
        boolean on = true;
        while (more()) {
            char c = pattern.charAt(at++);
            switch (c) {
                case 'i' -> blind = on;
                case 's' -> dotAll = on;
                case 'm' -> multiline = on;
                case '-' -> on = false;
                case ':' -> {
                    return false;
                }
                case ')' -> {
                    return true;
                }
                default -> {
                    at--;
                    throw invalid("only (?:…), (?i), (?s), (?m) and names are known after '(?'");
                }
            }
        }
        throw invalid("'(' without ')'");
    }

    private Piece escape() {
        if (!more()) {
            throw invalid("nothing after '\\'");
        }
        return switch (pattern.charAt(at)) {
            case 'b' -> place(Place.BOUNDARY);
            case 'B' -> place(Place.NO_BOUNDARY);
            case 'A' -> place(Place.TEXT_START);
            case 'z' -> place(Place.TEXT_END);
            default -> set(escapedSet());
        };
    }

    private Piece place(Place place) {
        at++;
        return new One(Instruction.of(place));
    }

    private CharacterSet escapedSet() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return switch (c) {
            case 'd' -> CharacterSet.DIGIT;
            case 'D' -> CharacterSet.DIGIT.inverted();
            case 'w' -> CharacterSet.WORD;
            case 'W' -> CharacterSet.WORD.inverted();
            case 's' -> CharacterSet.SPACE;
            case 'S' -> CharacterSet.SPACE.inverted();
            case 't' -> CharacterSet.of('\t', '\t');
            case 'n' -> CharacterSet.of('\n', '\n');
            case 'r' -> CharacterSet.of('\r', '\r');
            case 'f' -> CharacterSet.of('\f', '\f');
            case 'v' -> CharacterSet.of(0x0B, 0x0B);
            case 'a' -> CharacterSet.of(0x07, 0x07);
            case 'x' -> hex();
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    at--;
                    throw invalid("unknown escape \\" + Character.toString(c));
                }
                yield CharacterSet.of(c, c);
            }
        };
    }

    private CharacterSet hex() {
        boolean braced = accept("{");
        int end = braced ? pattern.indexOf('}', at) : at + 2;
        String digits = end >= at && end <= pattern.length() ? pattern.substring(at, end) : "";
        if (!digits.matches("[0-9A-Fa-f]{1,6}") || Integer.parseInt(digits, 16) > Character.MAX_CODE_POINT) {
            throw invalid("\\x takes two digits, or up to six in braces");
        }
        at = braced ? end + 1 : end;
        int c = Integer.parseInt(digits, 16);
        return CharacterSet.of(c, c);
    }

    private CharacterSet charClass() {
        boolean inverted = accept("^");
        int[] spans = new int[0];
        boolean first = true;
        while (first || !pattern.startsWith("]", at)) {
            if (!more()) {
                throw invalid("'[' without ']'");
            }
            if (pattern.startsWith("[:", at)) {
                throw invalid("named classes are not known, use \\d, \\w, \\s or ranges");
            }
            first = false;
            int[] item = item();
            boolean range = item.length == 2
                    && item[0] == item[1]
                    && pattern.startsWith("-", at)
                    && !pattern.startsWith("-]", at);
            if (range && at + 1 < pattern.length()) {
                at++;
                int[] last = item();
                if (last.length != 2 || last[0] != last[1] || last[0] < item[0]) {
                    throw invalid("the range is empty or has no end");
                }
                item = new int[] {item[0], last[0]};
            }
            int[] longer = Arrays.copyOf(spans, spans.length + item.length);
            System.arraycopy(item, 0, longer, spans.length, item.length);
            spans = longer;
        }
        at++;
        CharacterSet set = CharacterSet.of(spans);
        return inverted ? set.inverted() : set;
    }

    private int[] item() {
        if (accept("\\")) {
            if (!more()) {
                throw invalid("nothing after '\\'");
            }
            return escapedSet().spans();
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return new int[] {c, c};
    }
}
