//! What a word that may be an operator is, by what stands around it.

use super::operator::{self, Operator};
use super::scan::{Kind, Token, kind_of};
use super::source::{Fault, Notes, Source, quoted};

/// Decides what words that can be operators are by what stands around them.
pub(super) fn resolve(
    source: &Source<'_>,
    tokens: Vec<Token>,
    notes: &mut Notes,
) -> Result<Vec<Token>, Fault> {
    let mut resolved: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(Token { kind, span }) = rest.next() {
        let follows = resolved
            .last()
            .is_some_and(|it| matches!(it.kind, Kind::Leaf(_) | Kind::Date(_) | Kind::Close(_)));
        let next = rest.peek().map(|it| &it.kind);
        let before_not = matches!(next, Some(Kind::Not | Kind::Between(Operator::Not, _)));
        let precedes = before_not
            || matches!(
                next,
                Some(
                    Kind::Leaf(_)
                        | Kind::Date(_)
                        | Kind::Open
                        | Kind::Field(_)
                        | Kind::AtLeast(_)
                        | Kind::Of(_)
                )
            );
        let raw = source.text.get(span.clone()).unwrap_or_default();
        let operator = match &kind {
            Kind::And => Some(Operator::And),
            Kind::Between(operator, _) => Some(*operator),
            _ => None,
        };
        // AND NOT, BUT NOT, UND NICHT: one operator of two words.
        if let Some(Operator::And | Operator::But) = operator
            && follows
            && before_not
            && let Some(not) = rest.next()
        {
            let whole = span.start..not.span.end;
            let said = source.text.get(whole.clone()).unwrap_or_default();
            notes.read_as(whole.clone(), format!("{} is read as NOT", quoted(said)));
            resolved.push(Token { kind: Kind::Not, span: whole });
            continue;
        }
        let Kind::Between(operator, leaf) = kind else {
            resolved.push(Token { kind, span });
            continue;
        };
        if follows && precedes && operator != Operator::But {
            operator::check_distance(operator, source, &span)?;
            notes.read_as(span.clone(), format!("{} is read as {operator}", quoted(raw)));
            resolved.push(Token { kind: kind_of(operator), span });
        } else if let Some(node) = leaf {
            if raw.contains(['/', '+']) {
                let message =
                    format!("{} does not stand between two parts: read as a word", quoted(raw));
                notes.read_as_words(span.clone(), message);
            }
            resolved.push(Token { kind: Kind::Leaf(node), span });
        } else {
            notes.ignored(span, raw);
        }
    }
    Ok(resolved)
}
