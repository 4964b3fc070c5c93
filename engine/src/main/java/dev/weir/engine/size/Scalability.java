package dev.weir.engine.size;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Gunther's universal scalability law: what n workers get done together.
///
/// `X(n) = n × single / (1 + contention (n - 1) + coherency n (n - 1))` (N. J. Gunther, "Guerrilla
/// Capacity Planning", 2007, chapters 4 to 6). Contention, sigma, is the share of the work that
/// only one can do at a time: by itself it is Amdahl's law. Coherency, kappa, is what each pair of
/// workers costs to keep in step: with it there is a number of workers beyond which less gets done.
///
/// @param contention sigma, 0 to 1
/// @param coherency kappa, 0 to 1
public record Scalability(double contention, double coherency) {
    /// Workers that do not disturb each other.
    public static final Scalability LINEAR = new Scalability(0, 0);

    public Scalability {
        if (!(contention >= 0 && contention <= 1) || !(coherency >= 0 && coherency <= 1)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "sigma and kappa must be between 0 and 1, but were %s and %s", contention, coherency));
        }
    }

    /// What was measured with so many workers, all of them busy.
    ///
    /// @param workers from 1 on
    /// @param perSecond what they got done in a second; above 0
    public record Throughput(int workers, double perSecond) {
        public Throughput {
            if (workers < 1 || !(perSecond > 0) || Double.isInfinite(perSecond)) {
                throw new IllegalArgumentException("throughput needs workers from 1 on and a rate above 0, but was "
                        + workers + " and " + perSecond);
            }
        }
    }

    /// A law that was fitted.
    ///
    /// @param law what was found
    /// @param single what one worker gets done in a second, by the law
    /// @param rmsError the root of the mean square of the relative errors: 0.02 is 2 %
    /// @param worstError the largest relative error
    public record Fit(Scalability law, double single, double rmsError, double worstError) {
        /// What the fitted law says of so many workers, per second.
        public double perSecond(int workers) {
            return single * workers / law.stretch(workers);
        }
    }

    /// By how much a piece of work takes longer when n workers are busy, than when one is.
    public double stretch(int workers) {
        return 1 + contention * (workers - 1) + coherency * workers * (workers - 1.0);
    }

    /// Finds the law that comes closest to measurements: least squares of the relative error.
    ///
    /// `n / X(n)` is linear in three unknowns, so the best is found by solving, not by searching. A
    /// negative sigma or kappa would say that company makes a worker faster; where the best has
    /// one, it is set to 0 and the others are found anew.
    ///
    /// @throws IllegalArgumentException if there are fewer than three different numbers of workers
    public static Fit fit(List<Throughput> measured) {
        long different = measured.stream().map(Throughput::workers).distinct().count();
        if (different < 3) {
            throw new IllegalArgumentException(
                    "a fit needs throughput at three different numbers of workers or more, but there were "
                            + different);
        }
        Fit best = null;
        for (int with = 3; with >= 0; with--) {
            Fit fit = solve(measured, (with & 1) != 0, (with & 2) != 0);
            if (fit != null && (best == null || fit.rmsError < best.rmsError)) {
                best = fit;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("no law fits: does throughput fall from the first worker on?");
        }
        return best;
    }

    private static @Nullable Fit solve(List<Throughput> measured, boolean withContention, boolean withCoherency) {
        double[][] normal = new double[3][4];
        for (Throughput point : measured) {
            double n = point.workers;
            // Divided by n / X, so that relative errors count and the right side is 1.
            double weight = point.perSecond / n;
            double[] row = {weight, withContention ? weight * (n - 1) : 0, withCoherency ? weight * n * (n - 1) : 0, 1};
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 4; j++) {
                    normal[i][j] += row[i] * row[j];
                }
            }
        }
        if (!withContention) {
            normal[1][1] = 1;
        }
        if (!withCoherency) {
            normal[2][2] = 1;
        }
        double[] x = eliminate(normal);
        double contention = x[1] / x[0];
        double coherency = x[2] / x[0];
        boolean possible = x[0] > 0 && contention >= 0 && contention <= 1 && coherency >= 0 && coherency <= 1;
        return possible ? judged(new Scalability(contention, coherency), 1 / x[0], measured) : null;
    }

    /// Gauss' elimination with pivots.
    private static double[] eliminate(double[][] m) {
        int size = m.length;
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                pivot = Math.abs(m[row][column]) > Math.abs(m[pivot][column]) ? row : pivot;
            }
            double[] swapped = m[column];
            m[column] = m[pivot];
            m[pivot] = swapped;
            for (int row = 0; row < size; row++) {
                if (row != column) {
                    double factor = m[row][column] / m[column][column];
                    for (int k = column; k <= size; k++) {
                        m[row][k] -= factor * m[column][k];
                    }
                }
            }
        }
        double[] x = new double[size];
        for (int i = 0; i < size; i++) {
            x[i] = m[i][size] / m[i][i];
        }
        return x;
    }

    private static Fit judged(Scalability law, double single, List<Throughput> measured) {
        Fit fit = new Fit(law, single, 0, 0);
        double squares = 0;
        double worst = 0;
        for (Throughput point : measured) {
            double error = Math.abs(fit.perSecond(point.workers) / point.perSecond - 1);
            squares += error * error;
            worst = Math.max(worst, error);
        }
        return new Fit(law, single, Math.sqrt(squares / measured.size()), worst);
    }
}
