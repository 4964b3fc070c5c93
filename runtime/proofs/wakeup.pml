/* How carriers rest and are called: Processors, Carrier and Watch of dev.weir.runtime.
 *
 * Strangers add turns to the scheduler's queue; a turn that runs may add one to the queue of the
 * processor it runs on; a turn may keep its processor for ever until the watch has taken it away.
 * What is one step here is under one lock there, or one atomic instruction.
 *
 * Properties:
 *   no lost wake-up     when nothing moves any more, no turn waits (checked at `timeout`)
 *   one owner           a processor is owned by one carrier at most, and is idle exactly when by none
 *   spinning is counted the counter is the number of carriers that look for work, or are called to
 *
 * Run with: spin -a wakeup.pml && cc -O2 -DSAFETY -o pan pan.c && ./pan -m1000000
 */
#define PROCESSORS 2
#define CARRIERS   3
#define STRANGERS  2
#define CHILDREN   1
#define NONE       9
#define spare(n)   (!made[0] || resting[0] || !made[1] || resting[1] || !made[2] || resting[2])

byte queued;              /* turns in the scheduler's queue */
byte ring[PROCESSORS];   /* turns in a processor's queue */
byte owner[PROCESSORS];   /* the carrier; NONE: idle */
bool running[PROCESSORS]; /* whether its owner is in a turn */
byte mine[CARRIERS];      /* the processor a carrier believes to have */
bool resting[CARRIERS];
bool made[CARRIERS];
bool called[CARRIERS];
bool spins[CARRIERS];
byte spinning;
byte children;
bool hogged;

inline idleProcessor(p) {
    p = 0;
    do
    :: p < PROCESSORS && owner[p] != NONE -> p++
    :: else -> break
    od
}

/* A resting carrier or one that is not made yet. */
inline spareCarrier(c) {
    c = 0;
    do
    :: c < CARRIERS && made[c] && !resting[c] -> c++
    :: else -> break
    od
}

inline wake(p, c, ok) {
    ok = false;
    /* look for an idle processor, then at who spins: two reads */
    d_step { idleProcessor(p); c = 0 };
    if
    :: p == PROCESSORS -> skip
    :: else ->
        atomic {
            if
            :: spinning == 0 -> spinning = 1; ok = true
            :: else -> skip
            fi
        };
        if
        :: ok ->
            d_step {
                idleProcessor(p);
                spareCarrier(c);
                if
                :: p < PROCESSORS && c < CARRIERS ->
                    owner[p] = c;
                    running[p] = false;
                    resting[c] = false;
                    made[c] = true;
                    mine[c] = p;
                    spins[c] = true;
                    called[c] = true
                :: else -> spinning--
                fi;
                c = 0; p = 0
            }
        :: else -> skip
        fi
    fi;
    p = 0; ok = false
}

proctype Stranger() {
    byte p, c; bool ok;
    queued++;
    wake(p, c, ok)
}

proctype Carrier(byte me) {
    byte p, c, v; bool ok, got, last;
    end: called[me];
again:
    got = false;
    if
    :: mine[me] == NONE ->
        /* lost: another processor, or rest */
        d_step {
            idleProcessor(v);
            if
            :: v < PROCESSORS -> owner[v] = me; running[v] = false; mine[me] = v
            :: else -> resting[me] = true; called[me] = false
            fi;
            v = 0
        };
        if
        :: mine[me] == NONE -> goto end
        :: else -> skip
        fi
    :: else -> skip
    fi;
    /* the own queue */
    d_step {
        if
        :: owner[mine[me]] != me -> mine[me] = NONE
        :: owner[mine[me]] == me && ring[mine[me]] > 0 ->
            ring[mine[me]]--; got = true; running[mine[me]] = true
        :: else -> skip
        fi
    };
    if
    :: mine[me] == NONE ->
        if
        :: spins[me] -> atomic { spins[me] = false; spinning-- }
        :: else -> skip
        fi;
        goto again
    :: else -> skip
    fi;
    if
    :: got -> goto turn
    :: else -> skip
    fi;
    /* the scheduler's queue: what it cannot keep because it lost the processor it runs all the same */
    atomic {
        if
        :: queued > 0 -> queued--; got = true;
            if
            :: owner[mine[me]] == me -> running[mine[me]] = true
            :: else -> skip
            fi
        :: else -> skip
        fi
    };
    if
    :: got -> goto turn
    :: else -> skip
    fi;
    /* steal: whoever may look around does */
    if
    :: !spins[me] ->
        d_step {
            c = 0; v = 0;
            do
            :: v < PROCESSORS && owner[v] != NONE -> c++; v++
            :: v < PROCESSORS && owner[v] == NONE -> v++
            :: else -> break
            od;
            last = (2 * spinning < c);
            v = 0; c = 0
        };
        if
        :: last -> atomic { spinning++; spins[me] = true }
        :: else -> goto lie
        fi;
        last = false
    :: else -> skip
    fi;
    v = 0;
    do
    :: v < PROCESSORS ->
        atomic {
            if
            :: v != mine[me] && ring[v] > 0 -> ring[v]--; got = true;
                if
                :: owner[mine[me]] == me -> running[mine[me]] = true
                :: else -> skip
                fi
            :: else -> skip
            fi
        };
        if
        :: got -> v = 0; goto turn
        :: else -> v++
        fi
    :: else -> break
    od;
    v = 0;
lie: skip;
    /* rest, unless turns wait in the queue */
    d_step {
        last = false;
        if
        :: queued > 0 -> ok = false
        :: queued == 0 && owner[mine[me]] != me -> mine[me] = NONE; ok = false
        :: else ->
            owner[mine[me]] = NONE;
            mine[me] = NONE;
            resting[me] = true;
            called[me] = false;
            last = spins[me];
            ok = true
        fi
    };
    if
    :: !ok ->
        if
        :: mine[me] == NONE && spins[me] -> atomic { spins[me] = false; spinning-- }
        :: else -> skip
        fi;
        goto again
    :: else -> skip
    fi;
    ok = false;
    if
    :: last ->
        /* its own flag is in a local variable now: somebody may have called it already */
        spinning--;
        v = 0; got = false;
        if
        :: queued > 0 -> got = true
        :: else -> skip
        fi;
        do
        :: v < PROCESSORS ->
            if
            :: ring[v] > 0 -> got = true
            :: else -> skip
            fi;
            v++
        :: else -> break
        od;
        v = 0; last = false;
        if
        :: got -> got = false; wake(p, c, ok)
        :: else -> skip
        fi
    :: else -> skip
    fi;
    goto end;
turn: skip;
    got = false;
    if
    :: spins[me] ->
        atomic { spins[me] = false; last = (spinning == 1); spinning-- };
        if
        :: last -> last = false; wake(p, c, ok)
        :: else -> skip
        fi
    :: else -> skip
    fi;
    /* the turn: it may wake another one */
    if
    :: true -> skip
    :: atomic { children < CHILDREN -> children++ };
        atomic {
            if
            :: owner[mine[me]] == me -> ring[mine[me]]++; ok = false
            :: else -> ok = true
            fi
        };
        if
        :: ok -> ok = false; queued++; wake(p, c, ok)
        :: else -> skip /* a single one waits for its waker: no call */
        fi
    fi;
    /* ... or keep its processor until the watch has taken it */
    if
    :: true -> skip
    :: atomic { !hogged -> hogged = true };
endHog: owner[mine[me]] != me
    fi;
    d_step {
        if
        :: owner[mine[me]] == me -> running[mine[me]] = false
        :: else -> skip
        fi
    };
    goto again
}

/* Takes a processor from a turn while something waits and no processor is idle; else calls somebody. */
inline retake(v) {
    d_step {
        spareCarrier(c);
        if
        :: c < CARRIERS ->
            owner[v] = c; running[v] = false;
            resting[c] = false; made[c] = true; mine[c] = v; called[c] = true; spins[c] = false
        :: else -> skip
        fi;
        c = 0
    }
}

#define keeps(v) (owner[v] != NONE && running[v] && ring[0] + ring[1] + queued > 0)
#define idle     (owner[0] == NONE || owner[1] == NONE)

proctype Watch() {
    byte p, c; bool ok;
end:
    do
    :: atomic { keeps(0) && !idle && spare(0) -> retake(0) }
    :: atomic { keeps(1) && !idle && spare(0) -> retake(1) }
    :: atomic { (keeps(0) || keeps(1)) && idle && spinning == 0 && spare(0) -> skip };
       wake(p, c, ok)
    od
}

/* When nothing can move any more, nothing waits. */
proctype Quiet() {
    timeout -> assert(queued == 0 && ring[0] == 0 && ring[1] == 0 && spinning == 0)
}

init {
    byte i;
    atomic {
        for (i : 0 .. PROCESSORS - 1) { owner[i] = NONE }
        for (i : 0 .. CARRIERS - 1) { mine[i] = NONE; run Carrier(i) }
        for (i : 1 .. STRANGERS) { run Stranger() }
        run Watch();
        run Quiet();
        i = 0
    }
}
