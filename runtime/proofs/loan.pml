/* How a processor is lent while its carrier runs a turn: Processor.lend, giveBack, retake, Carrier.findAlarm
 * and Watch of dev.weir.runtime.
 *
 * One processor. Turns have names: 0 is a sample and makes alarm 1, which goes to the queue of its
 * processor or, if that is lost, to the scheduler's queue, where 2, an alarm, comes from a stranger; those from
 * 3 are samples. The watch looks (it notes tick and owner) and at any later instant lends the processor or
 * takes it away; it may look at any time, at turns of any length. With HOGS turn 0 ends only when all alarms have
 * begun, and alarm 1 only when 2 has: so each must come beside a turn that does not end (HOGS=2: there is no
 * alarm 1). What is one
 * step here is under one lock there. What retake.pml and wakeup.pml are about is left out: spilling,
 * stealing, who is called.
 *
 * Properties:
 *   once, all           every turn is run, alarms from both queues included, and none twice
 *   one owner           nobody gets a processor that thinks it has lost it or has laid it down
 *   the loan            who owns a processor that is lent has borrowed it, and its lender thinks that it has it
 *   it ends             when nothing moves any more, no loan goes on; who takes an idle processor, or
 *                       rests, borrows nothing
 *   detached            counts who runs a turn without a processor and has not lent it, except for who was
 *                       blocked when it was taken; 0 in the end
 *
 * Bugs that the check must find (-DBUG_...):
 *   BUG_GIVE_BACK       gives back without looking whether the lender still runs the turn
 *   BUG_ENDED           a lender that has ended its turn leaves its name on the processor
 *   BUG_FORGOTTEN       taking the processor from who has borrowed it forgets the lender
 *   BUG_FLAG            who has borrowed a processor and lost it goes on as one that borrows
 *   BUG_LEND_ONLY       while an alarm waits the watch does nothing but lend, even what is lent (the
 *                       code was like that: an alarm that computed kept the processor for ever)
 *   BUG_RING            who has borrowed a processor does not look for alarms in its queue
 *   BUG_QUEUE           ... in the scheduler's queue
 */
#ifndef CARRIERS
#define CARRIERS 3
#endif
#ifndef TURNS
#define TURNS 4
#endif
#ifndef LOANS
#define LOANS 1   /* of turns that do not wait for another one */
#endif
#ifndef RETAKES
#define RETAKES 1 /* likewise */
#endif
#ifndef HOGS
#define HOGS 0
#endif
#define NONE 9

chan alarms = [2] of { byte };      /* the scheduler's queue */
chan samples = [TURNS] of { byte };
chan ringAlarms = [2] of { byte };  /* the processor's */
chan ringSamples = [TURNS] of { byte };
bool idle = true;
byte owner = NONE;
byte lender = NONE;
byte tick;
byte detached;
bool noted[CARRIERS];    /* Carrier.detached */
bool spare[CARRIERS];
bool called[CARRIERS];
bool borrows[CARRIERS];
bool waits[CARRIERS];    /* in a turn that waits for another one */
bool ran[TURNS];
byte loans;
byte retakes;
byte helped;             /* loans beside a turn that waits: more would be too many */
/* For the properties only. */
bool has[CARRIERS];      /* it thinks so, or was called with it */
bool running[CARRIERS];
bool blocked[CARRIERS];
byte borrower = NONE;
byte loaned;             /* who has lent it last */

#define anyAlarm (len(alarms) + len(ringAlarms) > 0)
#define anyWaits (anyAlarm || len(samples) + len(ringSamples) > 0)

/* After each change of hands. */
inline holds() {
    i = 0; n = 0;
    do
    :: i < CARRIERS ->
        if
        :: noted[i] -> n++; assert(running[i] || has[i]); assert(owner != i && lender != i)
        :: else -> skip
        fi;
        assert(!running[i] || owner == i || lender == i || noted[i] || blocked[i]);
        i++
    :: else -> break
    od;
    assert(detached == n);
    assert(lender == NONE || (lender != owner && owner == borrower && has[lender]));
    assert(owner == NONE || has[owner]);
    i = 0; n = 0
}

#define detach(c) noted[c] = true; detached++

#define FOUND 1
#define LOST  2

inline lost() {
#ifndef BUG_ENDED
    if
    :: lender == me -> lender = NONE
    :: else -> skip
    fi;
#endif
    got = LOST
}

proctype Carrier(byte me) {
    byte turn, got, i, n;
end:
    if
    :: atomic { called[me] -> called[me] = false }
    :: atomic { spare[me] && idle && anyWaits -> /* Processors.call */
            spare[me] = false; idle = false; borrows[me] = false };
        d_step { has[me] = true; owner = me; holds() }
    fi;
again:
    got = 0;
    if
    :: !has[me] ->
        /* processorOrRest */
        d_step {
            assert(!borrows[me]);
            if
            :: idle -> idle = false; assert(owner == NONE)
            :: else -> spare[me] = true; got = LOST
            fi
        };
        if
        :: got == LOST -> got = 0; goto end
        :: else -> d_step { has[me] = true; owner = me; holds() }
        fi
    :: else -> skip
    fi;

    if
    :: borrows[me] ->
        /* findAlarm: pollAlarm, */
        d_step {
            if
            :: owner != me -> lost()
#ifndef BUG_RING
            :: owner == me && lender != NONE && len(ringAlarms) > 0 -> ringAlarms?turn; tick++; got = FOUND
#endif
            :: else -> skip
            fi
        };
        if
        :: got -> goto found
        :: else -> skip
        fi;
        /* isLent, takeAlarm, */
        if
        :: lender != NONE ->
#ifndef BUG_QUEUE
            d_step {
                if
                :: len(alarms) > 0 -> alarms?turn; got = FOUND
                :: else -> skip
                fi
            };
            if
            :: got -> tick++; goto found
            :: else -> skip
            fi
#endif
        :: else -> skip
        fi;
        /* giveBack: who does not is the owner, and goes on like any other */
        borrows[me] = false;
        d_step {
            if
#ifdef BUG_GIVE_BACK
            :: owner == me && borrower == me ->
                owner = loaned; lender = NONE; has[me] = false; borrower = NONE; holds()
#else
            :: owner == me && lender != NONE ->
                owner = lender; lender = NONE; has[me] = false; borrower = NONE; holds()
#endif
            :: else -> skip
            fi
        };
        if
        :: !has[me] -> goto again
        :: else -> skip
        fi
    :: else -> skip
    fi;
    /* find: an alarm of the scheduler's queue first, now and then; */
    if
    :: owner == me -> /* isOwnedBy; the queue after it */
        d_step {
            if
            :: len(alarms) > 0 -> alarms?turn; got = FOUND
            :: else -> skip
            fi
        };
        if
        :: got -> tick++; goto found
        :: else -> skip
        fi
    :: true -> skip
    fi;
    /* poll, */
    atomic {
        if
        :: owner != me -> lost()
        :: owner == me && len(ringAlarms) > 0 -> ringAlarms?turn; tick++; got = FOUND
        :: owner == me && len(ringSamples) > 0 -> ringSamples?turn; tick++; got = FOUND
        :: owner == me && len(ringAlarms) + len(ringSamples) == 0 -> skip
        fi
    };
    if
    :: got -> goto found
    :: else -> skip
    fi;
    /* fromQueue: a sample may go by way of the processor's queue, */
    atomic {
        if
        :: len(alarms) > 0 -> alarms?turn; got = FOUND
        :: len(alarms) == 0 && len(samples) > 0 -> samples?turn; got = FOUND
        :: else -> skip
        fi
    };
    if
    :: got && turn >= 3 && owner == me ->
        d_step {
            if
            :: owner == me && got == FOUND -> ringSamples!turn; got = 0
            :: else -> skip
            fi
        }
    :: true -> skip
    fi;
    if
    :: got -> tick++; goto found
    :: else -> skip
    fi;
    /* rest */
    d_step {
        if
        :: len(alarms) + len(samples) > 0 -> skip
        :: len(alarms) + len(samples) == 0 && owner != me ->
            lost(); got = 0
        :: len(alarms) + len(samples) == 0 && owner == me && len(ringAlarms) + len(ringSamples) == 0 ->
            assert(!borrows[me] && lender == NONE);
            owner = NONE; idle = true; has[me] = false; spare[me] = true; got = LOST
        :: else -> skip
        fi
    };
    if
    :: got -> got = 0; goto end
    :: else -> goto again
    fi;

found:
    if
    :: got == LOST ->
        d_step {
            has[me] = false;
#ifndef BUG_FLAG
            borrows[me] = false;
#endif
            /* attach */
            if
            :: noted[me] -> noted[me] = false; detached--
            :: else -> skip
            fi;
            blocked[me] = false;
            got = 0
        };
        goto again
    :: else -> got = 0
    fi;
    assert(!ran[turn]);
    ran[turn] = true;
    d_step { running[me] = true; holds() };
    if
    :: turn == 0 && !ran[1] ->
        d_step {
            if
            :: owner == me -> ringAlarms!1
            :: else -> alarms!1
            fi
        }
    :: else -> skip
    fi;
#if HOGS
    if
    :: turn == 0 -> waits[me] = true; atomic { ran[1] && ran[2] -> waits[me] = false }
    :: turn == 1 -> waits[me] = true; atomic { ran[2] -> waits[me] = false }
    :: else -> skip
    fi;
#endif
    atomic { running[me] = false; turn = 0; goto again }
}

proctype Stranger() {
    alarms!2
}

inline pollSpare() {
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

#define spares (spare[0] || spare[1] || spare[CARRIERS - 1])

/* It moves only where that may lead to something, so that `timeout` can come. */
proctype Watch() {
    byte from, c, seen, i, n;
    bool lends, runs;
end:
    if
    :: atomic { owner != NONE && spares && anyAlarm && lender == NONE && (waits[owner] && helped < 4 || loans < LOANS) ->
            lends = true;
            if
            :: waits[owner] && helped < 4 -> skip
            :: else -> loans++
            fi
        }
#ifdef BUG_LEND_ONLY
    :: atomic { owner != NONE && spares && anyWaits && !anyAlarm && retakes < RETAKES ->
#else
    :: atomic { owner != NONE && spares && anyWaits && ((waits[owner] && lender != NONE) || retakes < RETAKES) ->
#endif
            lends = false;
            if
            :: waits[owner] && lender != NONE -> runs = true
            :: else -> retakes++;
                if
                :: runs = true
                :: runs = false /* it is blocked */
                fi
            fi
        }
    fi;
    seen = tick;
    from = owner;
    if
    :: from != NONE ->
        d_step { pollSpare() };
        if
        :: c != NONE ->
            d_step {
                if
                :: lends && owner == from && tick == seen && lender == NONE ->
                    owner = c; lender = from; loaned = from; borrower = c; has[c] = true; borrows[c] = true;
                    if
                    :: waits[from] -> helped++
                    :: else -> skip
                    fi;
                    from = NONE;
                    holds()
                :: !lends && owner == from && tick == seen ->
#ifndef BUG_FORGOTTEN
                    if
                    :: lender != NONE -> i = lender; lender = NONE; detach(i)
                    :: else -> skip
                    fi;
#endif
                    if
                    :: runs -> detach(from)
                    :: else -> blocked[from] = true
                    fi;
                    borrower = NONE;
                    owner = c; has[c] = true; borrows[c] = false; from = NONE;
                    holds()
                :: else -> skip
                fi
            };
            if
            :: from == NONE -> called[c] = true
            :: else -> spare[c] = true
            fi
        :: else -> skip
        fi
    :: else -> skip
    fi;
    atomic { from = 0; c = 0; seen = 0; lends = false; runs = false; goto end }
}

/* When nothing can move any more, everything has been run and is at rest. */
proctype Quiet() {
    byte i;
    timeout;
    for (i : 0 .. TURNS - 1) { assert(ran[i]) }
    for (i : 0 .. CARRIERS - 1) { assert(spare[i] && !borrows[i]) }
    assert(idle && owner == NONE && lender == NONE && detached == 0)
}

init {
    byte i;
    d_step {
        for (i : 0 .. CARRIERS - 1) { spare[i] = true }
        ran[1] = (HOGS == 2);
        samples!0;
        for (i : 3 .. TURNS - 1) { samples!i }
        i = 0
    };
    atomic {
        for (i : 0 .. CARRIERS - 1) { run Carrier(i) }
        run Stranger();
        run Watch();
        run Quiet()
    }
}
