//! Cases by hand: what the definition of a match says, written down before anything ran.
