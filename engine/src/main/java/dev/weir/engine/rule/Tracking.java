package dev.weir.engine.rule;

import dev.weir.engine.Reading;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.expression.EvaluationException.Reason;
import dev.weir.engine.expression.Expression;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The extreme that an alarm keeps (`track:`).
///
/// @param value what is tracked
/// @param least whether the least value is kept; else the greatest
record Tracking(Expression value, boolean least) {
    /// Which extreme is meant when the config does not say: the least value if the condition asks
    /// only whether the field is less than something, else the greatest.
    static boolean isLeast(String field, String condition) {
        String name = Pattern.quote(field) + "(?![\\w.(])";
        // The field with a comparison beside it: `temperature > 30`, `5.0 >= level`.
        Matcher matcher = Pattern.compile("(?<![\\w.])" + name + "\\s*(?<right>[<>])|(?<left>[<>])=?\\s*" + name)
                .matcher(condition);
        boolean less = false;
        boolean greater = false;
        while (matcher.find()) {
            String right = matcher.group("right");
            boolean below = right != null ? right.equals("<") : ">".equals(matcher.group("left"));
            less |= below;
            greater |= !below;
        }
        return less && !greater;
    }

    /// The value of a reading; NaN if it has none.
    double of(Reading reading) {
        try {
            return value.real(reading);
        } catch (EvaluationException e) {
            if (e.reason() == Reason.NO_SUCH_FIELD) {
                return Double.NaN;
            }
            throw e;
        }
    }

    /// Whether a value is beyond the peak so far; NaN is no value.
    boolean isBeyond(double candidate, double peak) {
        if (Double.isNaN(candidate) || Double.isNaN(peak)) {
            return !Double.isNaN(candidate);
        }
        return least ? candidate < peak : candidate > peak;
    }
}
