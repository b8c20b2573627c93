/**
 * One name is one register: its newest record, replicated at the members of its slot's view. Plain writes and reads are
 * those of a multi-writer atomic register (Attiya, Bar-Noy, Dolev, "Sharing memory robustly in message-passing
 * systems", JACM 1995; Lynch, Shvartsman, "RAMBO", DISC 2002). Conditional writes promise first (Rystsov, "CASPaxos",
 * 2018). The argument that both together are linearizable, also across views, is in {@code docs/registers.md}.
 */
@NullMarked
package io.chordshare.register;

import org.jspecify.annotations.NullMarked;
