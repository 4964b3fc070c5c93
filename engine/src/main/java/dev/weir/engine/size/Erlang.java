package dev.weir.engine.size;

/// A queue in front of `servers` equal servers: how likely a wait is, and how long.
///
/// For Poisson arrivals and exponential service times (both coefficients of variation 1) this is
/// M/M/c, and exact: Erlang's formula C (A. K. Erlang, "Solution of some problems in the theory of
/// probabilities of significance in automatic telephone exchanges", 1917), computed by the
/// recursion of formula B, which neither overflows nor cancels (e.g. Cooper, "Introduction to
/// Queueing Theory", 2nd ed. 1981, chapter 3). For other variation the mean wait is corrected as
/// Allen and Cunneen do (A. O. Allen, "Probability, Statistics, and Queueing Theory", 2nd ed. 1990,
/// section 5.6): times `(ca² + cs²) / 2`; exact for M/G/1, an approximation for more servers. The
/// wait of who waits is taken as exponential, which is exact for M/M/c only.
///
/// @param servers how many, 1 to 100,000
/// @param arrivalRate arrivals a second; 0 or more
/// @param serviceSeconds the mean time that one occupies a server; above 0
/// @param arrivalCv coefficient of variation of the time between arrivals; 1 for Poisson arrivals
/// @param serviceCv coefficient of variation of the service time; 1 if exponential
public record Erlang(int servers, double arrivalRate, double serviceSeconds, double arrivalCv, double serviceCv) {
    private static final int MOST_SERVERS = 100_000;

    public Erlang {
        if (servers < 1 || servers > MOST_SERVERS) {
            throw new IllegalArgumentException(
                    "servers must be between 1 and " + MOST_SERVERS + ", but was " + servers);
        }
        check("arrivalRate", arrivalRate);
        check("serviceSeconds", serviceSeconds);
        check("arrivalCv", arrivalCv);
        check("serviceCv", serviceCv);
        if (serviceSeconds == 0) {
            throw new IllegalArgumentException("serviceSeconds must be above 0, but was 0");
        }
    }

    /// Poisson arrivals and exponential service times.
    public static Erlang markov(int servers, double arrivalRate, double serviceSeconds) {
        return new Erlang(servers, arrivalRate, serviceSeconds, 1, 1);
    }

    private static void check(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be a number from 0 on, but was " + value);
        }
    }

    /// The probability that a call is lost when `servers` have no queue: formula B.
    ///
    /// @param servers from 0 on
    /// @param erlangs the offered load, arrival rate times service time
    public static double lost(int servers, double erlangs) {
        double lost = 1;
        for (int n = 1; n <= servers; n++) {
            lost = erlangs * lost / (n + erlangs * lost);
        }
        return lost;
    }

    /// The offered load: how many servers are busy on average, if there are enough.
    public double erlangs() {
        return arrivalRate * serviceSeconds;
    }

    /// The share of time that a server is busy; 1 or more says that they are not enough.
    public double utilisation() {
        return erlangs() / servers;
    }

    /// Whether the queue stays finite: the load is below what the servers can do.
    public boolean stable() {
        return utilisation() < 1;
    }

    /// The probability that an arrival has to wait: formula C; 1 if not [#stable].
    public double waiting() {
        if (!stable()) {
            return 1;
        }
        double lost = lost(servers, erlangs());
        return lost / (1 - utilisation() * (1 - lost));
    }

    /// The mean wait of those that wait; infinite if not [#stable].
    public double meanDelaySeconds() {
        if (!stable()) {
            return Double.POSITIVE_INFINITY;
        }
        double variation = (arrivalCv * arrivalCv + serviceCv * serviceCv) / 2;
        return variation * serviceSeconds / (servers * (1 - utilisation()));
    }

    /// The mean wait of all; infinite if not [#stable].
    public double meanWaitSeconds() {
        return stable() ? waiting() * meanDelaySeconds() : Double.POSITIVE_INFINITY;
    }

    /// The mean time from arrival to the end of service; infinite if not [#stable].
    public double meanResponseSeconds() {
        return meanWaitSeconds() + serviceSeconds;
    }

    /// The probability that an arrival waits longer than that.
    ///
    /// @param seconds from 0 on
    public double waitsLongerThan(double seconds) {
        if (!stable()) {
            return 1;
        }
        double delay = meanDelaySeconds();
        return delay == 0 ? 0 : waiting() * Math.exp(-seconds / delay);
    }
}
