//! Function words: articles, prepositions, pronouns, auxiliaries and words that ask, which say
//! little of what a question is about.

use super::Language;

/// By language, in folded form: lower case, without accents. Words that are as often names of
/// things (German `war` in English, `it` and `us` in capitals) are left out or told by their
/// writing; see [`function_words`].
const WORDS: &[(&str, &str)] = &[
    (
        "ca",
        "el la els les un una uns unes de del dels al als amb per a en i o pero que qui quin quina \
         quins quines quan on com quant quants es son era eren ser ha han hi no mes molt aquest \
         aquesta aquests aquestes seu seva seus seves se si entre sobre des",
    ),
    (
        "de",
        "der die das den dem des ein eine einer eines einem einen und oder aber wenn von zu zum \
         zur in im an am auf bei mit nach aus fur uber unter zwischen durch vor als wie dass dies \
         diese dieser dieses diesem diesen es ist sind waren sein wird werden wurde wurden worden \
         hat haben hatte hatten kann konnen konnte muss mussen soll sollen nicht kein keine was \
         welche welcher welches welchem welchen wer wen wem wessen wann wo warum wieviel viel \
         viele er sie wir ihr ihm ihn ihnen ihre seine sich auch nur noch so man",
    ),
    (
        "en",
        "a an the and or but if of to in on at by for with from as into about over under between \
         through during than then that this these those there here it its is are was were be been \
         being am do does did doing done has have had having can could may might must shall should \
         will would not no nor so such what which who whom whose when where why how any some all \
         each every both few more most other another much many own same only just also too very i \
         you he she we they me him her us them my your his our their one ones use used using",
    ),
    (
        "es",
        "el la los las un una unos unas de del al a en con por para sin sobre entre desde hasta y \
         e o u pero si que quien quienes cual cuales cuando donde como cuanto cuanta cuantos \
         cuantas es son era eran fue fueron ser sido esta estan ha han habia hay se su sus lo le \
         les no mas muy tambien este esta estos estas ese esa esos esas eso tiene tienen puede \
         pueden",
    ),
    (
        "fr",
        "le la les l un une des du de d et ou mais si a au aux en dans par pour avec sur sous \
         entre vers chez sans ce cet cette ces c qui que qu quoi quel quelle quels quelles dont \
         quand comment pourquoi combien est sont etait etaient etre ete fut furent sera ont avait \
         avoir eu fait faire il elle ils elles on je tu nous vous se s sa son ses leur leurs y ne \
         n pas plus ni aussi tres t m",
    ),
    (
        "it",
        "il lo la i gli le un uno una di del dello della dei degli delle a al allo alla ai agli \
         alle da dal dalla dai dalle in nel nella nei nelle con su sul sulla per tra fra e ed o ma \
         se che chi cui quale quali quando dove come quanto quanta quanti quante perche e sono era \
         erano fu furono essere stato stata stati state ha hanno aveva si suo sua suoi sue loro \
         non piu anche questo questa questi queste cosa puo possono",
    ),
    (
        "nl",
        "de het een van in op aan met voor door bij naar uit over onder tussen om te tot als en of \
         maar dat die dit deze er is zijn was waren wordt worden werd werden heeft hebben had \
         hadden kan kunnen moet moeten zal zullen niet geen wat welk welke wie wiens wanneer waar \
         waarom hoe hoeveel veel hij zij ze wij we men hun haar zich ook nog meer",
    ),
    (
        "pl",
        "w we z ze na do od o u po przez przy dla za pod nad miedzy i a oraz lub albo ale czy ze \
         to ten ta te tego tej tym tych jest sa byl byla bylo byly byc zostal zostala zostalo \
         zostaly ma maja nie sie co kto kogo czego jaki jaka jakie jakich ktory ktora ktore ktorych \
         kiedy gdzie jak ile dlaczego jego jej ich",
    ),
    (
        "pt",
        "o a os as um uma uns umas de do da dos das em no na nos nas ao aos por pelo pela pelos \
         pelas para com sem sobre entre desde ate e ou mas se que quem qual quais quando onde como \
         quanto quanta quantos quantas e sao era eram foi foram ser sido esta estao tem ha seu sua \
         seus suas nao mais muito tambem este estes esse essa isso pode podem",
    ),
    (
        "ro",
        "un o unei unui unor de din in la pe cu pentru prin dupa despre intre si sau dar daca ca \
         sa ce cine cui care carui carei cand unde cum cat cata cati cate este sunt era erau fi \
         fost a au are au avut se sau nu mai al ale ai lui ei lor acest aceasta acesti aceste",
    ),
    (
        "ru",
        "в во на с со к ко о об от до из у за по под над при для без между через и а но или что \
         чтобы кто кого чего какой какая какое какие каких какую который которая которое которые \
         которых когда где как сколько почему это этот эта эти того том был была было были быть \
         есть не он она оно они его ее их",
    ),
    (
        "sv",
        "en ett den det de i pa av till fran med for om vid under over mellan genom efter och \
         eller men att som ar var vara har hade kan ska skulle blir blev inte vad vem vilken \
         vilket vilka nar hur varfor han hon sin sitt sina mer",
    ),
];

/// Whether `form`, folded, is a function word of this language; of a language without a list none is.
pub(crate) fn is_function_word(form: &str, language: Language) -> bool {
    let list = WORDS.iter().find(|(code, _)| *code == language.code());
    list.is_some_and(|(_, list)| list.split_ascii_whitespace().any(|it| it == form))
}

/// Which of `words`, the folded words of a question, are function words of its language: of that
/// one `among` these which most of them belong to, or of all where several have as many.
pub(crate) fn function_words(words: &[&str], among: &[Language]) -> Vec<bool> {
    let lists = WORDS.iter().filter(|(code, _)| among.iter().any(|it| it.code() == *code));
    let found: Vec<Vec<bool>> = lists
        .map(|(_, list)| {
            words.iter().map(|word| list.split_ascii_whitespace().any(|it| it == *word)).collect()
        })
        .collect();
    let hits = |found: &Vec<bool>| found.iter().filter(|is_one| **is_one).count();
    let most = found.iter().map(hits).max().unwrap_or(0);
    (0..words.len())
        .map(|at| {
            let mut likely = found.iter().filter(|found| hits(found) == most);
            most > 0 && likely.all(|found| found.get(at) == Some(&true))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens;

    #[test]
    fn the_lists_are_in_the_form_that_words_are_compared_in() {
        for (code, list) in WORDS {
            assert!(code.parse::<Language>().is_ok(), "{code}");
            for word in list.split_ascii_whitespace() {
                let forms = tokens(word, Language::UNKNOWN);
                assert_eq!((forms.len(), &*forms[0].exact), (1, word), "{code}");
            }
        }
    }

    #[test]
    fn function_words_are_those_of_the_language_of_the_question() {
        let all: Vec<Language> = WORDS.iter().map(|(code, _)| code.parse().unwrap()).collect();
        let told = |question: &str, among: &[Language]| -> Vec<String> {
            let words: Vec<&str> = question.split(' ').collect();
            let flags = function_words(&words, among);
            words
                .iter()
                .zip(flags)
                .filter(|(_, is)| *is)
                .map(|(word, _)| word.to_string())
                .collect()
        };
        // `die` is an article in German and a part of a machine in English.
        assert_eq!(told("what is the die made of", &all), ["what", "is", "the", "of"]);
        assert_eq!(told("wer hat die wahl gewonnen", &all), ["wer", "hat", "die"]);
        assert_eq!(told("wer hat die wahl gewonnen", &[Language::ENGLISH]), Vec::<String>::new());
        // English and German have one each here, and `in` is both.
        assert_eq!(told("datenschutz in europa heute", &all), ["in"]);
        assert_eq!(told("digital sovereignty cloud law", &all), Vec::<String>::new());
    }
}
