/**
 * Which nodes answer for a slot: views, how one view follows another, and the cache of views that every node has. Each
 * slot is a replicated register of one small value, its view, whose next value is decided by single-decree Paxos among
 * the members of the present one (Lamport, "Paxos made simple", 2001; Lamport, Malkhi, Zhou, "Vertical Paxos", PODC
 * 2009). Every request names the view that it believes in, as the consistent quorums of CATS do (Arad, Shafaat, Haridi,
 * "CATS: linearizability and partition tolerance in scalable and self-organizing key-value stores", 2012).
 */
@NullMarked
package io.chordshare.placement;

import org.jspecify.annotations.NullMarked;
