/* How a select is decided: Selection, Waiter and ChannelState of dev.weir.runtime.
 *
 * Threads send, receive, select over two cases and close, on two channels; some may be interrupted at
 * any instant (a deadline that passes gives up in the same way, without an interrupt to keep). The locks
 * of the channels are there as in the code, and so are the claim, which is the only thing that lockers of
 * different channels race for, and the permits of park and unpark. Steps under a lock that nobody else can
 * see are one step. Every case to send has an element of its own.
 *
 * Properties, checked when nothing moves any more:
 *   none lost           a send that says it was done has its element with one receiver, or in the buffer
 *   none doubled        ... and with one only; a send that was not done has it nowhere
 *   one winner          of a select's cases one was done, or none if it gave up
 *   no trace            who is done waits in no queue
 *   no missed meeting   nobody waits to send while somebody waits to receive on the same channel, or while
 *                       there is room; nobody waits to receive what is there; nobody waits on what is closed
 *   interrupts stay     who was interrupted has either given up, or finds the interrupt still there
 *   no deadlock         all locks are free
 *
 * Bugs that the check must find (-DBUG_...):
 *   BUG_CLAIM           the claim is a look and a write
 *   BUG_ELEMENT         the element of a sender is taken although its select has another winner
 *   BUG_LATE_ELEMENT    a receiver's element is written after the claim
 *   BUG_LOSERS          a select leaves the waiters of other cases behind
 *   BUG_GIVE_UP         a select gives up without claiming
 *   BUG_WITHDRAW        a waiter looks at its outcome before it takes the lock to leave
 *   BUG_NO_NEXT         who meets a waiter that is done does not go on to the next
 *   BUG_INTERRUPT       an interrupt that came too late is swallowed
 *   BUG_ORDER           a select locks its channels in the order of its cases
 */
#ifndef CONFIG
#define CONFIG 1
#endif

#if CONFIG == 1 /* two senders race for a select that may be interrupted */
#define CAPACITY 0
#define THREADS 3
#define START   run Selector(0, RECEIVE, 0, RECEIVE, 1); run Interrupt(0); run Plain(1, SEND, 0); run Plain(2, SEND, 1)
#elif CONFIG == 2 /* two selects face each other, and a third thread steps between */
#define CAPACITY 0
#define THREADS 3
#define START   run Selector(0, SEND, 0, RECEIVE, 1); run Selector(1, SEND, 1, RECEIVE, 0); run Plain(2, RECEIVE, 0); \
                run Interrupt(0); run Interrupt(2)
#elif CONFIG == 3 /* the same channel twice, which is closed */
#define CAPACITY 0
#define THREADS 3
#define START   run Selector(0, RECEIVE, 0, RECEIVE, 0); run Plain(1, SEND, 0); run Selector(2, RECEIVE, 0, SEND, 1); \
                run Close(0); run Interrupt(0)
#elif CONFIG == 4 /* with a buffer, interrupts and a close */
#define CAPACITY 1
#define THREADS 4
#define START   run Selector(0, RECEIVE, 0, SEND, 1); run Plain(1, SEND, 0); run Plain(2, SEND, 0); run Plain(3, SEND, 1); \
                run Interrupt(1); run Close(1)
#elif CONFIG == 5 /* a select that is done stands before somebody who still waits */
#define CAPACITY 0
#define THREADS 4
#define START   run Selector(0, RECEIVE, 0, RECEIVE, 1); run Plain(1, RECEIVE, 0); run Plain(2, SEND, 0); run Plain(3, SEND, 1)
#elif CONFIG == 6 /* everybody may be the waker of everybody */
#define CAPACITY 0
#define THREADS 4
#define START   run Selector(0, RECEIVE, 0, RECEIVE, 1); run Selector(1, RECEIVE, 1, RECEIVE, 0); \
                run Selector(2, SEND, 0, SEND, 1); run Plain(3, SEND, 0); run Interrupt(0)
#elif CONFIG == 7 /* larger, for the long run */
#define CAPACITY 1
#define THREADS 4
#define START   run Selector(0, RECEIVE, 0, SEND, 1); run Selector(1, RECEIVE, 1, SEND, 0); \
                run Selector(2, SEND, 0, RECEIVE, 1); run Plain(3, RECEIVE, 0); \
                run Interrupt(0); run Interrupt(3); run Close(0)
#endif

#define WAITERS  (2 * THREADS)
#define NOBODY   50 /* winners */
#define GAVE_UP  51
#define NONE     52 /* elements, waiters */
#define SEND     0 /* directions */
#define RECEIVE  1
#define WAITING  0 /* outcomes; END is what a receive gives on a closed channel */
#define DONE     1
#define CLOSED   2
#define QUIT     3

bool held[2];
bool closed[2];
chan ring[2] = [2] of { byte };
chan senders[2] = [WAITERS] of { byte };
chan receivers[2] = [WAITERS] of { byte };

bool selects[THREADS];     /* whether its waiters belong to a select */
byte winner[THREADS];
bool permit[THREADS];
bool interrupted[THREADS];
bool wasInterrupted[THREADS];
byte outcome[WAITERS];     /* waiter 2t and 2t+1: those of thread t */
byte element[WAITERS];     /* what it sends, or was given */

byte result[THREADS];      /* how its operation ended; WAITING: it has not */
bool sent[WAITERS];        /* by element: whether its send says that it was done */
byte taken[WAITERS];       /* by element: how many have received it */

inline lock(c)   { atomic { !held[c] -> held[c] = true } }
inline unlock(c) { held[c] = false }

/* Waiter.complete: `won` says whether the operation may go on. */
inline claim(w, won) {
#ifdef BUG_CLAIM
    won = !selects[w / 2] || winner[w / 2] == NOBODY;
    if
    :: won && selects[w / 2] -> winner[w / 2] = w
    :: else -> skip
    fi
#else
    d_step {
        won = !selects[w / 2] || winner[w / 2] == NOBODY;
        if
        :: won && selects[w / 2] -> winner[w / 2] = w
        :: else -> skip
        fi
    }
#endif
}

inline wakeLater(w) { woken = woken | (1 << (w / 2)) }

/* Under the lock of c: `how` is WAITING, DONE or CLOSED. */
inline sendLocked(c, e, how) {
    how = WAITING;
    if
    :: closed[c] -> how = CLOSED
    :: else ->
        do
        :: how == WAITING && len(receivers[c]) > 0 ->
            d_step {
                receivers[c]?other;
#ifndef BUG_LATE_ELEMENT
                element[other] = e;
#endif
            };
            /* For a thread alone the outcome decides, for a select the claim. */
            outcome[other] = DONE;
            claim(other, won);
#ifdef BUG_LATE_ELEMENT
            element[other] = (won -> e : NONE);
#endif
            d_step {
                if
                :: won -> how = DONE; wakeLater(other)
#ifdef BUG_NO_NEXT
                :: else -> how = QUIT
#else
                :: else -> element[other] = NONE
#endif
                fi;
                other = NONE; won = false
            }
        :: else -> break
        od;
        skip;
        d_step {
            if
            :: how == WAITING && len(ring[c]) < CAPACITY -> ring[c]!e; how = DONE
            :: how == QUIT -> how = WAITING
            :: else -> skip
            fi
        }
    fi
}

/* The element of the next sender that can be completed, or NONE. */
inline nextSender(c, e) {
    e = NONE;
    do
    :: e == NONE && len(senders[c]) > 0 ->
        senders[c]?other;
        outcome[other] = DONE;
        claim(other, won);
        d_step {
            if
            :: won -> e = element[other]; wakeLater(other)
            :: else ->
#ifdef BUG_ELEMENT
                e = element[other]
#else
                skip
#endif
            fi;
            other = NONE; won = false
        }
    :: else -> break
    od;
    skip
}

/* Under the lock of c: `how` as above; what was received is in `e`. */
inline receiveLocked(c, e, how) {
    how = WAITING;
    if
    :: len(ring[c]) > 0 ->
        nextSender(c, e);
        d_step {
            ring[c]?got;
            if
            :: e != NONE -> ring[c]!e
            :: else -> skip
            fi;
            e = got; got = NONE; how = DONE
        }
    :: else ->
        nextSender(c, e);
        d_step {
            if
            :: e != NONE -> how = DONE
            :: e == NONE && closed[c] -> how = CLOSED
            :: else -> skip
            fi
        }
    fi
}

/* Waiter.wakeAll, after unlocking. */
inline wakeAll() {
    do
    :: woken != 0 ->
        d_step {
            other = 0;
            do
            :: (woken & (1 << other)) == 0 -> other++
            :: else -> break
            od;
            woken = woken & ~(1 << other);
            permit[other] = true;
            other = NONE
        }
    :: else -> break
    od
}

/* ChannelState.removeWaiter */
inline remove(c, w) {
    lock(c);
    d_step {
        if
        :: senders[c]??[eval(w)] -> senders[c]??eval(w)
        :: !(senders[c]??[eval(w)]) -> skip
        fi;
        if
        :: receivers[c]??[eval(w)] -> receivers[c]??eval(w)
        :: !(receivers[c]??[eval(w)]) -> skip
        fi
    };
    unlock(c)
}

inline park() { atomic { permit[me] -> permit[me] = false } }

/* Notes how the operation ended: `w` is the waiter of the case that was done, `e` what was received. */
inline finish(how, w, sends, e) {
    d_step {
        result[me] = how;
        if
        :: how == DONE && sends -> sent[w] = true
        :: how == DONE && !sends -> assert(e != NONE); taken[e]++
        :: else -> skip
        fi
    }
}

/* ChannelState.sendOrWait and receiveOrWait */
proctype Plain(byte me, way, c) {
    byte how, e, other, got, w, woken;
    bool won;
    d_step { w = 2 * me; other = NONE; e = NONE; got = NONE };
    lock(c);
    if
    :: way == SEND -> sendLocked(c, w, how)
    :: else -> receiveLocked(c, e, how)
    fi;
    if
    :: how == WAITING && way == SEND -> element[w] = w; senders[c]!w
    :: how == WAITING && way == RECEIVE -> receivers[c]!w
    :: else -> skip
    fi;
    unlock(c);
    wakeAll();
    if
    :: how == WAITING ->
        do
        :: outcome[w] != WAITING -> how = outcome[w]; break
        :: else ->
            if
            :: interrupted[me] ->
                interrupted[me] = false;
#ifdef BUG_WITHDRAW
                if
                :: outcome[w] == WAITING -> how = QUIT
                :: else -> skip
                fi;
                remove(c, w);
#else
                remove(c, w);
                if
                :: outcome[w] == WAITING -> how = QUIT
                :: else -> skip
                fi;
#endif
                if
                :: how == QUIT -> break
                :: else ->
#ifndef BUG_INTERRUPT
                    interrupted[me] = true
#endif
                fi
            :: else ->
end:            park()
            fi
        od;
        e = (how == DONE && way == RECEIVE -> element[w] : NONE)
    :: else -> skip
    fi;
    finish(how, w, way == SEND, e)
}

/* Selection.await */
proctype Selector(byte me, way0, c0, way1, c1) {
    byte how, e, other, got, w, woken, way, c, tried;
    bool won;
    d_step { other = NONE; e = NONE; got = NONE; selects[me] = true };
#ifdef BUG_ORDER
    lock(c0);
    if
    :: c0 != c1 -> lock(c1)
    :: else -> skip
    fi;
#else
    c = (c0 < c1 -> c0 : c1);
    lock(c);
    c = (c0 < c1 -> c1 : c0);
    if
    :: c0 != c1 -> lock(c)
    :: else -> skip
    fi;
#endif
    /* chooseLocked: in any order */
    if
    :: w = 2 * me
    :: w = 2 * me + 1
    fi;
    do
    :: tried < 2 && how == WAITING ->
        d_step {
            way = (w % 2 == 0 -> way0 : way1);
            c = (w % 2 == 0 -> c0 : c1)
        };
        if
        :: way == SEND -> sendLocked(c, w, how)
        :: else -> receiveLocked(c, e, how)
        fi;
        d_step {
            tried++;
            if
            :: how == WAITING -> w = w ^ 1
            :: else -> skip
            fi
        }
    :: else -> break
    od;
    tried = 0;
    if
    :: how == WAITING ->
        d_step {
            w = 2 * me;
            if
            :: way0 == SEND -> element[w] = w; senders[c0]!w
            :: else -> receivers[c0]!w
            fi;
            w++;
            if
            :: way1 == SEND -> element[w] = w; senders[c1]!w
            :: else -> receivers[c1]!w
            fi
        }
    :: else -> skip
    fi;
    unlock(c1);
    if
    :: c0 != c1 -> unlock(c0)
    :: else -> skip
    fi;
    wakeAll();
    if
    :: how == WAITING ->
        do
        :: winner[me] != NOBODY -> break
        :: else ->
            if
            :: interrupted[me] ->
                interrupted[me] = false;
#ifdef BUG_GIVE_UP
                winner[me] = GAVE_UP; won = true;
#else
                d_step {
                    won = (winner[me] == NOBODY);
                    if
                    :: won -> winner[me] = GAVE_UP
                    :: else -> skip
                    fi
                };
#endif
                if
                :: won -> how = QUIT
                :: else ->
#ifndef BUG_INTERRUPT
                    interrupted[me] = true
#endif
                fi;
                won = false;
                break
            :: else ->
end:            park()
            fi
        od;
        /* removeLosers */
#ifndef BUG_LOSERS
        if
        :: winner[me] != 2 * me -> remove(c0, 2 * me)
        :: else -> skip
        fi;
        if
        :: winner[me] != 2 * me + 1 -> remove(c1, 2 * me + 1)
        :: else -> skip
        fi;
#endif
        if
        :: how == QUIT -> w = 2 * me
        :: else ->
            w = winner[me];
            how = outcome[w];
            e = element[w]
        fi
    :: else -> skip
    fi;
    way = (w % 2 == 0 -> way0 : way1);
    finish(how, w, way == SEND, e)
}

/* ChannelState.end */
proctype Close(byte c) {
    byte other, woken;
    bool won;
    lock(c);
    closed[c] = true;
    do
    :: len(receivers[c]) > 0 || len(senders[c]) > 0 ->
        d_step {
            if
            :: len(receivers[c]) > 0 -> receivers[c]?other
            :: else -> senders[c]?other
            fi
        };
        outcome[other] = CLOSED;
        claim(other, won);
        d_step {
            if
            :: won -> wakeLater(other)
            :: else -> skip
            fi;
            other = NONE; won = false
        }
    :: else -> break
    od;
    unlock(c);
    wakeAll()
}

proctype Interrupt(byte t) {
    d_step { interrupted[t] = true; wasInterrupted[t] = true; permit[t] = true }
}

inline countBuffered(e, n) {
    n = 0;
    if
    :: ring[0]??[eval(e)] -> n++
    :: !(ring[0]??[eval(e)]) -> skip
    fi;
    if
    :: ring[1]??[eval(e)] -> n++
    :: !(ring[1]??[eval(e)]) -> skip
    fi
}

/* Whether a thread that is not done waits in that queue. */
inline findLive(queue, live) {
    live = false;
    w = 0;
    do
    :: w < WAITERS ->
        if
        :: result[w / 2] == WAITING && queue??[eval(w)] -> live = true
        :: !(result[w / 2] == WAITING && queue??[eval(w)]) -> skip
        fi;
        w++
    :: else -> break
    od
}

proctype Quiet() {
    byte w, n, c;
    bool sending, receiving;
    timeout;
    d_step {
        assert(!held[0] && !held[1]);
        w = 0;
        do
        :: w < WAITERS ->
            countBuffered(w, n);
            n = n + taken[w];
            /* none lost, none doubled */
            assert(n == sent[w]);
            /* no trace */
            if
            :: result[w / 2] != WAITING ->
                assert(!(senders[0]??[eval(w)]) && !(senders[1]??[eval(w)]));
                assert(!(receivers[0]??[eval(w)]) && !(receivers[1]??[eval(w)]))
            :: else -> skip
            fi;
            w++
        :: else -> break
        od;
        c = 0;
        do
        :: c < 2 ->
            findLive(senders[c], sending);
            findLive(receivers[c], receiving);
            assert(!(sending && receiving));
            assert(!(sending && len(ring[c]) < CAPACITY));
            assert(!(receiving && len(ring[c]) > 0));
            assert(!(closed[c] && (sending || receiving)));
            c++
        :: else -> break
        od;
        c = 0;
        do
        :: c < THREADS ->
            assert(!wasInterrupted[c] || result[c] == QUIT || interrupted[c]);
            c++
        :: else -> break
        od
    }
}

init {
    byte i;
    d_step {
        for (i : 0 .. THREADS - 1) { winner[i] = NOBODY }
        for (i : 0 .. WAITERS - 1) { element[i] = NONE }
        i = 0
    };
    atomic { START; run Quiet() }
}
