/* How carriers rest and are called: Processors, Carrier and Watch of dev.weir.runtime.
 *
 * Strangers add turns to the scheduler's queue; a turn that runs may add one to the queue of the
 * processor it runs on; a turn may keep its processor until the watch has taken it away. What is one
 * step here is under one lock there, or one atomic instruction, or touches nothing that another
 * thread may look at. Time is not in the model: the watch may look at any instant, and find that any
 * turn has taken too long (PREMATURE bounds how often that happens to one that is not a hog).
 *
 * Properties:
 *   no lost wake-up     when nothing moves any more, no turn waits, in no queue
 *   nothing leaks       ... and every processor is idle, or belongs to a turn that keeps it; nobody
 *                       is counted as one that looks for work
 *   idle means idle     a processor that is idle has no owner, and is listed once
 *   calls are kept      who is called was resting, so that no call overwrites another
 *
 * Left out, because it changes none of this: the carrier that ends after ten seconds (it rests, in
 * the model: both are what `spare` gives), lanes, capacities, the 61st turn, and the second look at the
 * queue inside `steal` (`rest` looks again under the lock).
 *
 * Bugs that the check must find (-DBUG_...), each of which a version of the code or a draft has had:
 *   BUG_LATE_NOTES      a carrier notes that it has no processor, and looks at whether it spun,
 *                       after others can see it rest (they may have called it already)
 *   BUG_LATE_COUNT      who found nobody to call takes itself off the spinning ones after the lock
 *   BUG_REST_LOST       a carrier lays down a processor without looking whether it still has it
 *   BUG_NO_SECOND_LOOK  the last one that spins rests without looking around again
 *   BUG_REST_BLIND      a carrier rests without looking at the queue under the lock
 */
#ifndef PROCESSORS
#define PROCESSORS 2
#endif
#ifndef CARRIERS
#define CARRIERS 3
#endif
#ifndef STRANGERS
#define STRANGERS 2
#endif
#ifndef CHILDREN
#define CHILDREN 1
#endif
#ifndef HOGS
#define HOGS 1
#endif
#ifndef PREMATURE
#define PREMATURE 1
#endif
#define NONE 9

byte queued;             /* turns in the scheduler's queue */
byte ring[PROCESSORS];   /* turns in a processor's queue */
byte owner[PROCESSORS];  /* the carrier, NONE for none */
byte idle[PROCESSORS];   /* how often it is in the list of the idle: 0 or 1 */
byte idleCount;
byte spinning;
byte mine[CARRIERS];     /* Carrier.processor: what it believes to have */
bool spins[CARRIERS];    /* Carrier.spinning */
bool called[CARRIERS];
bool spare[CARRIERS];    /* resting, or not made yet */
bool hog[CARRIERS];      /* in a turn that does not end before its processor is taken */
byte children;
byte hogs;
byte premature;

inline pollIdle(p) {
    p = 0;
    do
    :: p < PROCESSORS && idle[p] == 0 -> p++
    :: else -> break
    od;
    if
    :: p < PROCESSORS -> idle[p]--; idleCount--
    :: else -> p = NONE
    fi
}

inline pushIdle(p) {
    idle[p]++;
    idleCount++;
    assert(idle[p] == 1);
}

inline pollSpare(c) {
    c = 0;
    do
    :: c < CARRIERS && !spare[c] -> c++
    :: else -> break
    od;
    if
    :: c < CARRIERS -> spare[c] = false
    :: else -> c = NONE
    fi
}

/* Carrier.call */
inline callCarrier(c, p, looks) {
    d_step {
        assert(!called[c]);
        mine[c] = p;
        spins[c] = looks;
        called[c] = true;
        c = 0; p = 0
    }
}

/* Processors.wake */
inline wake(p, c) {
    if
    :: idleCount == 0 -> skip
    :: else ->
        if
        :: atomic { spinning == 0 -> spinning = 1 };
            d_step { /* call, under the lock */
                pollIdle(p);
                if
                :: p != NONE ->
                    pollSpare(c);
                    if
                    :: c == NONE -> pushIdle(p); p = NONE
                    :: else -> skip
                    fi
                :: else -> skip
                fi;
#ifndef BUG_LATE_COUNT
                if
                :: p == NONE -> spinning--
                :: else -> skip
                fi
#endif
            };
            if
            :: p != NONE ->
                owner[p] = c; /* Processor.give */
                callCarrier(c, p, true)
            :: else ->
#ifdef BUG_LATE_COUNT
                spinning--;
#endif
                p = 0; c = 0
            fi
        :: else -> skip
        fi
    fi
}

proctype Stranger() {
    byte p, c;
    queued++;
    wake(p, c)
}

/* What the carrier knows of itself only. */
#define owns (owner[own] == me)

proctype Carrier(byte me) {
    byte own, p, c, v, loot;
    bool got, last;
end:
    called[me];
again:
    own = mine[me];
    if
    :: own == NONE ->
        /* processorOrRest */
        d_step {
            pollIdle(p);
            if
            :: p == NONE -> called[me] = false; mine[me] = NONE; spare[me] = true
            :: else -> skip
            fi;
            own = p; p = 0
        };
        if
        :: own == NONE -> own = 0; goto end
        :: else -> atomic { owner[own] = me; mine[me] = own }
        fi
    :: else -> skip
    fi;

    /* Processor.poll */
    d_step {
        if
        :: !owns -> last = true
        :: owns && ring[own] > 0 -> ring[own]--; got = true
        :: else -> skip
        fi
    };
    if
    :: last -> last = false; mine[me] = NONE;
        if
        :: spins[me] -> spins[me] = false; spinning--
        :: else -> skip
        fi;
        goto again
    :: got -> goto turn
    :: else -> skip
    fi;

    /* fromQueue: a share of it, the first of which is run whoever owns the processor */
    d_step {
        if
        :: queued > 0 ->
            loot = queued / PROCESSORS;
            if
            :: loot + 1 > queued -> loot = queued - 1
            :: else -> skip
            fi;
            queued = queued - loot - 1; got = true
        :: else -> skip
        fi
    };
    do
    :: loot > 0 ->
        atomic {
            if
            :: owns -> ring[own]++
            :: else -> last = true
            fi;
            loot--
        };
        if
        :: last -> last = false; queued++; wake(p, c)
        :: else -> skip
        fi
    :: else -> break
    od;
    if
    :: got -> goto turn
    :: else -> skip
    fi;

    /* steal, if it may look around */
    if
    :: !spins[me] ->
        if
        :: 2 * spinning >= PROCESSORS - idleCount -> goto lie
        :: else -> spinning++; spins[me] = true
        fi
    :: else -> skip
    fi;
    v = 0;
    do
    :: v < PROCESSORS && !got ->
        atomic {
            if
            :: v != own && ring[v] > 0 -> ring[v]--; got = true
            :: else -> skip
            fi;
            v++
        }
    :: else -> break
    od;
    v = 0;
    if
    :: got -> goto turn
    :: else -> skip
    fi;

lie:
    skip;
    /* Processors.rest, under both locks */
    d_step {
        p = 0;
        if
#ifndef BUG_REST_BLIND
        :: queued > 0 -> skip
#endif
#ifdef BUG_REST_BLIND
        :: true ->
#elif defined(BUG_REST_LOST)
        :: queued == 0 ->
#else
        :: queued == 0 && !owns -> skip
        :: queued == 0 && owns ->
#endif
            owner[own] = NONE;
            pushIdle(own);
            called[me] = false;
            spare[me] = true;
            p = 1;
#ifndef BUG_LATE_NOTES
            mine[me] = NONE;
            last = spins[me];
            spins[me] = false
#endif
        fi
    };
    if
    :: p == 0 -> goto again
    :: else -> p = 0
    fi;
#ifdef BUG_LATE_NOTES
    mine[me] = NONE;
    atomic { last = spins[me]; spins[me] = false };
#endif
    own = 0;
    if
    :: last -> last = false;
        spinning--;
#ifndef BUG_NO_SECOND_LOOK
        v = 0;
        got = queued > 0;
        do
        :: v < PROCESSORS && !got -> atomic { got = ring[v] > 0; v++ }
        :: else -> break
        od;
        v = 0;
        if
        :: got -> got = false; wake(p, c)
        :: else -> skip
        fi
#endif
    :: else -> skip
    fi;
    goto end;

turn:
    got = false;
    if
    :: spins[me] -> spins[me] = false;
        atomic { last = (spinning == 1); spinning-- };
        if
        :: last -> last = false; wake(p, c)
        :: else -> skip
        fi
    :: else -> skip
    fi;
    /* the turn: it may wake another one, ... */
    if
    :: true -> skip
    :: d_step { children < CHILDREN -> children++;
            if
            :: owns -> ring[own]++; v = ring[own]
            :: else -> v = 0
            fi
        };
        if
        :: v == 0 -> queued++; wake(p, c)
        :: v == 1 -> skip /* a single one waits for its waker: no call */
        :: else -> wake(p, c)
        fi;
        v = 0
    fi;
    /* ... or keep its processor until the watch has taken it */
    if
    :: true -> skip
    :: atomic { hogs < HOGS -> hogs++; hog[me] = true };
endHog:
        atomic { !owns -> hog[me] = false }
    fi;
    goto again
}

#define waits(v)  (owner[v] != NONE && (ring[v] > 0 || queued > 0))
#define calls(v)  (waits(v) && idleCount > 0 && spinning == 0)
#define takes(v)  (waits(v) && idleCount == 0 && (hog[owner[v]] || premature < PREMATURE))
#if PROCESSORS == 1
#define any(what) what(0)
#else
#define any(what) (what(0) || what(1))
#endif

/* Watch.look; it moves only where that leads to something, so that `timeout` can come. */
proctype Watch() {
    byte p, c, v, from;
end:
    if
    :: any(calls); wake(p, c)
    :: atomic { any(takes) ->
            if
            :: takes(0) -> v = 0
#if PROCESSORS > 1
            :: takes(1) -> v = 1
#endif
            fi;
            from = owner[v];
            if
            :: hog[from] -> skip
            :: else -> premature++
            fi
        };
        /* Processors.retake */
        d_step { pollSpare(c) };
        if
        :: c == NONE -> skip /* refused */
        :: else ->
            d_step {
                p = v;
                if
                :: owner[v] == from -> owner[v] = c
                :: else -> p = NONE
                fi
            };
            if
            :: p == NONE -> spare[c] = true
            :: else -> callCarrier(c, p, false)
            fi
        fi;
        p = 0; c = 0; v = 0; from = 0
    fi;
    goto end
}

/* When nothing can move any more, nothing waits. */
proctype Quiet() {
    byte v;
    timeout;
    assert(queued == 0 && spinning == 0);
    for (v : 0 .. PROCESSORS - 1) {
        assert(ring[v] == 0);
        if
        :: owner[v] == NONE -> assert(idle[v] == 1)
        :: else -> assert(idle[v] == 0 && hog[owner[v]])
        fi
    }
}

init {
    byte i;
    d_step {
        for (i : 0 .. PROCESSORS - 1) { owner[i] = NONE; idle[i] = 1 }
        idleCount = PROCESSORS;
        for (i : 0 .. CARRIERS - 1) { mine[i] = NONE; spare[i] = true }
        i = 0
    };
    atomic {
        for (i : 0 .. CARRIERS - 1) { run Carrier(i) }
        for (i : 1 .. STRANGERS) { run Stranger() }
        run Watch();
        run Quiet()
    }
}
