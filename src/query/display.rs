//! A query as text that parses to it.
