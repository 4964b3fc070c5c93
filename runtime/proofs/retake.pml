/* How a processor changes hands while its carrier runs: Processor, Carrier and Watch of
 * dev.weir.runtime.
 *
 * Every turn has a name here, and queues hold names. Turns 0 .. QUEUED-1 begin in the scheduler's
 * queue; each of these makes EACH more, which go to the queue of its processor (push), to the
 * scheduler's queue if the processor is lost, or after half of a full queue has been moved there
 * (spill). Carriers poll, take a share of the scheduler's queue, steal, rest. The watch looks (it notes
 * owner and tick) and, at any later instant, takes the processor away if both still hold. Who is called
 * is not in this model (wakeup.pml): a carrier that rests may be called whenever turns wait and a
 * processor is idle. What is one step here is under one lock there.
 *
 * Properties:
 *   once                no turn is run twice, at no time
 *   all                 when nothing moves any more, every turn has been run
 *   one owner           only the owner adds to a processor's queue, polls it, spills it, lays it down
 *   idle means idle     a processor that is idle has no owner
 *   the watched turn    the watch takes a processor only while the turn runs that it has watched, or
 *                       none has begun since
 *   size is true        `size` is the number of turns that wait
 *
 * Bugs that the check must find (-DBUG_...):
 *   BUG_PUSH            pushes without looking at the owner
 *   BUG_POLL            polls without looking at the owner
 *   BUG_REST            lays a processor down without looking at the owner
 *   BUG_TICK            the watch does not compare the tick
 *   BUG_STEAL           the thief forgets to take what it has copied (two steps under no lock)
 *   BUG_LOOT            what a carrier has taken for a processor that it lost meanwhile is dropped
 */
#ifndef PROCESSORS
#define PROCESSORS 2
#endif
#ifndef CARRIERS
#define CARRIERS 3
#endif
#ifndef QUEUED
#define QUEUED 2
#endif
#ifndef RETAKES
#define RETAKES 2
#endif
#ifndef EACH
#define EACH 1
#endif
#ifndef CAPACITY
#define CAPACITY 2
#endif
#define TURNS    (QUEUED + QUEUED * EACH)
#define NONE     9

chan queue = [TURNS] of { byte };
chan ring[PROCESSORS] = [TURNS] of { byte };
byte size[PROCESSORS];
byte owner[PROCESSORS];
bool idle[PROCESSORS];
byte tick[PROCESSORS];
byte mine[CARRIERS];
bool spare[CARRIERS];
bool called[CARRIERS];
bool ran[TURNS];
byte retakes;
/* For the properties only. */
byte begun[PROCESSORS]; /* turns begun by its owners */

#define owns(p)  (owner[p] == me)
#define anyWaits (len(queue) > 0 || len(ring[0]) > 0 || len(ring[PROCESSORS - 1]) > 0)
#define anyIdle  (idle[0] || idle[PROCESSORS - 1])

inline pollIdle(p) {
    p = 0;
    do
    :: p < PROCESSORS && !idle[p] -> p++
    :: else -> break
    od;
    if
    :: p < PROCESSORS -> assert(owner[p] == NONE); idle[p] = false
    :: else -> p = NONE
    fi
}

inline began(p) {
    tick[p]++;
    if
    :: owns(p) -> begun[p]++
    :: else -> skip
    fi
}

proctype Carrier(byte me) {
    byte own, v, turn, other, take, made;
    bool got;
end:
    /* resting, until Processors.call or the watch calls it */
    if
    :: atomic { anyWaits && anyIdle && spare[me] -> spare[me] = false; pollIdle(own) };
        owner[own] = me
    :: atomic { called[me] -> called[me] = false; own = mine[me] }
    fi;
again:
    got = false;
    if
    :: own == NONE ->
        d_step {
            pollIdle(own);
            if
            :: own == NONE -> spare[me] = true
            :: else -> skip
            fi
        };
        if
        :: own == NONE -> own = 0; goto end
        :: else -> owner[own] = me
        fi
    :: else -> skip
    fi;
    /* Processor.poll */
    d_step {
#ifdef BUG_POLL
        if
        :: len(ring[own]) > 0 ->
#else
        if
        :: !owns(own) -> own = NONE
        :: owns(own) && len(ring[own]) > 0 ->
#endif
            assert(owns(own));
            ring[own]?turn; size[own]--;
            tick[own]++; begun[own]++;
            got = true
        :: else -> skip
        fi
    };
    if
    :: own == NONE -> goto again
    :: got -> goto runs
    :: else -> skip
    fi;

    /* fromQueue: one to run, and one more for the own processor, or back if that is lost */
    d_step {
        take = len(queue) / PROCESSORS + 1;
        if
        :: len(queue) > 0 -> queue?turn; got = true; take--
        :: else -> take = 0
        fi;
        other = NONE;
        if
        :: take > 0 && len(queue) > 0 -> queue?other
        :: else -> skip
        fi;
        take = 0
    };
    if
    :: other != NONE ->
        /* keep */
        d_step {
            if
            :: owns(own) -> ring[own]!other; size[own]++; other = NONE
            :: else -> skip
            fi
        };
        if
        :: other != NONE ->
#ifndef BUG_LOOT
            queue!other;
#endif
            other = NONE
        :: else -> skip
        fi
    :: else -> skip
    fi;
    if
    :: got -> d_step { began(own) }; goto runs
    :: else -> skip
    fi;

    /* steal half of what waits elsewhere: one to run, one perhaps for the own processor */
    v = 0;
    do
    :: v < PROCESSORS && !got ->
#ifdef BUG_STEAL
        atomic {
            if
            :: v != own && len(ring[v]) > 0 -> ring[v]?<turn>; got = true
            :: else -> skip
            fi
        };
        atomic {
            if
            :: got && len(ring[v]) > 0 -> ring[v]?other; size[v]--; other = NONE
            :: else -> skip
            fi;
            v++
        }
#else
        d_step {
            take = size[v] - size[v] / 2;
            other = NONE;
            if
            :: v != own && take > 0 ->
                ring[v]?turn; size[v]--; got = true;
                if
                :: take > 1 -> ring[v]?other; size[v]--
                :: else -> skip
                fi
            :: else -> skip
            fi;
            take = 0;
            v++
        }
#endif
    :: else -> break
    od;
    v = 0;
    if
    :: other != NONE ->
        d_step {
            if
            :: owns(own) -> ring[own]!other; size[own]++; other = NONE
            :: else -> skip
            fi
        };
        if
        :: other != NONE -> queue!other; other = NONE
        :: else -> skip
        fi
    :: else -> skip
    fi;
    if
    :: got -> d_step { began(own) }; goto runs
    :: else -> skip
    fi;

    /* Processors.rest */
    d_step {
        if
        :: len(queue) > 0 -> skip
#ifdef BUG_REST
        :: len(queue) == 0 ->
#else
        :: len(queue) == 0 && owns(own) ->
#endif
            assert(!idle[own]);
            assert(owns(own));
            owner[own] = NONE;
            idle[own] = true;
            spare[me] = true;
            got = true
        :: else -> skip
        fi
    };
    if
    :: got -> got = false; own = 0; goto end
    :: else -> goto again
    fi;

runs:
    assert(!ran[turn]);
    ran[turn] = true;
    do
    :: turn < QUEUED && made < EACH ->
        other = QUEUED + turn * EACH + made;
        made++;
        /* execute: push, */
        d_step {
            if
#ifdef BUG_PUSH
            :: len(ring[own]) < CAPACITY ->
#else
            :: owns(own) && len(ring[own]) < CAPACITY ->
#endif
                assert(owns(own));
                ring[own]!other; size[own]++; other = NONE
            :: else -> skip
            fi
        };
        if
        :: other != NONE ->
            /* ... or spill and push again, */
            d_step {
                if
                :: owns(own) && len(ring[own]) > 0 -> ring[own]?take; size[own]--; got = true
                :: else -> got = false
                fi
            };
            if
            :: got ->
                queue!take; take = 0;
                d_step {
                    if
                    :: owns(own) && len(ring[own]) < CAPACITY -> ring[own]!other; size[own]++; other = NONE
                    :: else -> skip
                    fi
                }
            :: else -> skip
            fi;
            /* ... or the scheduler's queue */
            if
            :: other != NONE -> queue!other; other = NONE
            :: else -> skip
            fi
        :: else -> skip
        fi
    :: else -> break
    od;
    turn = 0; made = 0;
    got = false;
    goto again
}

/* Watch.look and Processors.retake: any time may pass between the looks and the taking. */
proctype Watch() {
    byte v, from, c, seen, since;
end:
    if
    :: atomic { retakes < RETAKES && owner[0] != NONE -> v = 0; retakes++ }
#if PROCESSORS > 1
    :: atomic { retakes < RETAKES && owner[1] != NONE -> v = 1; retakes++ }
#endif
    fi;
    d_step { seen = tick[v]; since = begun[v] };
    from = owner[v];
    if
    :: from != NONE ->
        d_step {
            c = 0;
            do
            :: c < CARRIERS && !spare[c] -> c++
            :: else -> break
            od;
            if
            :: c < CARRIERS -> spare[c] = false
            :: else -> c = NONE
            fi
        };
        if
        :: c != NONE ->
            d_step {
                if
#ifdef BUG_TICK
                :: owner[v] == from ->
#else
                :: owner[v] == from && tick[v] == seen ->
#endif
                    assert(begun[v] == since);
                    assert(!idle[v]);
                    owner[v] = c; from = NONE
                :: else -> skip
                fi
            };
            if
            :: from == NONE -> atomic { mine[c] = v; called[c] = true }
            :: else -> spare[c] = true
            fi
        :: else -> skip
        fi
    :: else -> skip
    fi;
    v = 0; from = 0; c = 0; seen = 0; since = 0;
    goto end
}

/* When nothing can move any more, everything has been run. */
proctype Quiet() {
    byte i;
    timeout;
    for (i : 0 .. TURNS - 1) { assert(ran[i]) }
    for (i : 0 .. PROCESSORS - 1) { assert(idle[i] && owner[i] == NONE && size[i] == 0 && len(ring[i]) == 0) }
    for (i : 0 .. CARRIERS - 1) { assert(spare[i]) }
}

init {
    byte i;
    d_step {
        for (i : 0 .. PROCESSORS - 1) { owner[i] = NONE; idle[i] = true }
        for (i : 0 .. CARRIERS - 1) { spare[i] = true }
        for (i : 0 .. QUEUED - 1) { queue!i }
        i = 0
    };
    atomic {
        for (i : 0 .. CARRIERS - 1) { run Carrier(i) }
        run Watch();
        run Quiet()
    }
}
