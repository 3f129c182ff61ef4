//! Trends: articles and matches in each period, and nothing lost that has none.

use polidex::{
    Article, Block, BlockKind, Per, Period, Query, SearchOptions, Searcher, Trend, TrendCount,
    TrendOptions,
};

use crate::util::{Desk, searcher};

fn article(path: &str, date: &str, text: &str) -> Article {
    let mut article = Article::new(path, vec![Block::new(BlockKind::Paragraph, text)]);
    article.metadata.date = date.parse().ok();
    article
}

fn ask(searcher: &Searcher, queries: &[&str], options: TrendOptions) -> Trend {
    let queries: Vec<Query> = queries.iter().map(|text| Query::parse(text).unwrap()).collect();
    searcher.trend(&queries, &SearchOptions::default(), &options).unwrap()
}

fn by(by: Period) -> TrendOptions {
    TrendOptions { by, ..TrendOptions::default() }
}

/// The periods, and the articles of the first query in each.
fn points(trend: &Trend) -> Vec<(&str, u64)> {
    let counts = trend.series[0].points.iter().map(|point| point.count.articles);
    trend.periods.iter().map(|period| &*period.label).zip(counts).collect()
}

/// Long enough to be told from others.
fn text(number: usize) -> String {
    (0..60).map(|word| format!("w{}", word * (number + 7) % 997)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_date_counts_where_it_says_the_period_and_is_said_where_it_does_not() {
    let searcher = searcher([
        article("day", "2024-01-31", "Cloud, cloud."),
        article("month", "2024-02", "A cloud over land."),
        article("year", "2024", "One cloud at sea."),
        article("none", "", "Some cloud somewhere."),
        article("april", "2024-04-01", "A cloud in April."),
        article("fog", "2023-01-01", "Fog."),
    ]);
    let count = |articles, matches| TrendCount { articles, matches };
    let trend = ask(&searcher, &["cloud"], by(Period::Month));
    let series = &trend.series[0];
    assert_eq!(points(&trend), [("2024-01", 1), ("2024-02", 1), ("2024-03", 0), ("2024-04", 1)]);
    assert_eq!(series.points[0].count, count(1, 2));
    assert_eq!((series.all, series.undated, series.vague), (count(5, 6), count(1, 1), count(1, 1)));
    let trend = ask(&searcher, &["cloud"], by(Period::Quarter));
    assert_eq!(points(&trend), [("2024-Q1", 2), ("2024-Q2", 1)]);
    let trend = ask(&searcher, &["cloud"], by(Period::Year));
    assert_eq!((points(&trend), trend.series[0].vague), (vec![("2024", 4)], count(0, 0)));
    let trend = ask(&searcher, &["cloud"], by(Period::Week));
    assert_eq!((points(&trend)[0], points(&trend).len()), (("2024-W05", 1), 10));
    assert_eq!((points(&trend)[9], trend.series[0].vague.articles), (("2024-W14", 1), 2));
    let trend = ask(&searcher, &["cloud"], by(Period::Day));
    assert_eq!((trend.periods.len(), trend.series[0].vague.articles), (62, 2));
}

#[test]
fn queries_share_their_periods() {
    let searcher = searcher([
        article("a", "2021", "Cloud."),
        article("b", "2024", "Fog."),
        article("c", "2030", "Rain."),
    ]);
    let trend = ask(&searcher, &["cloud", "fog", "hail"], by(Period::Year));
    assert_eq!(points(&trend), [("2021", 1), ("2022", 0), ("2023", 0), ("2024", 0)]);
    assert_eq!(trend.series[1].points[3].count.articles, 1);
    assert_eq!(trend.series[2].all.articles, 0);
    assert!(trend.series[2].notes[0].message.contains("hail"));
}

#[test]
fn near_copies_count_once_as_the_earliest_of_them() {
    let body = text(1);
    let searcher = searcher([
        article("later", "2024-05-02", &format!("{body} cloud cloud")),
        article("first", "2024-01-02", &format!("{body} cloud")),
        article("undated", "", &format!("{body} cloud")),
        article("other", "2024-02-02", &format!("{} cloud", text(2))),
    ]);
    let trend = ask(&searcher, &["cloud"], by(Period::Month));
    assert_eq!(points(&trend), [("2024-01", 1), ("2024-02", 1)]);
    let series = &trend.series[0];
    assert_eq!((series.all.matches, series.undated.articles, series.folded), (2, 0, 2));
    let apart = TrendOptions { group: false, ..by(Period::Month) };
    let trend = ask(&searcher, &["cloud"], apart);
    let series = &trend.series[0];
    assert_eq!((series.all.articles, series.undated.articles, series.folded), (4, 1, 0));
    assert_eq!(points(&trend).last(), Some(&("2024-05", 1)));
}

#[test]
fn numbers_are_related_to_the_articles_and_words_of_their_period() {
    let mut articles = vec![
        article("a", "2024-01-01", "cloud and cloud"),
        article("z", "2024-03-01", "cloud here"),
        article("de", "2024-01-05", "cloud auf deutsch"),
    ];
    articles[2].metadata.language = "de".parse().ok();
    articles.extend(
        (0..3).map(|n| article(&format!("fog{n}"), "2024-01-09", &format!("fog number {n}"))),
    );
    let searcher = searcher(articles);
    let values = |per, within: Option<&str>| {
        let within = within.map(|text| Query::parse(text).unwrap());
        let trend = ask(
            &searcher,
            &["=cloud"],
            TrendOptions { per: Some(per), within, ..by(Period::Month) },
        );
        let values = trend.series[0].points.iter().map(|point| point.value).collect::<Vec<_>>();
        (values, trend.periods[0].articles, trend.periods[0].words)
    };
    // 2 of 5 articles; 3 matches in 15 words. In February there is no article at all.
    let (values_of_articles, articles, words) = values(Per::ThousandArticles, None);
    assert_eq!(
        (values_of_articles, articles, words),
        (vec![Some(400.0), None, Some(1000.0)], Some(5), Some(15))
    );
    assert_eq!(values(Per::MillionWords, None).0, [Some(200_000.0), None, Some(500_000.0)]);
    assert_eq!(
        values(Per::ThousandArticles, Some("lang:de")),
        (vec![Some(1000.0)], Some(1), Some(3))
    );
}

#[test]
fn the_command_line_draws_and_writes_tables() {
    let desk = Desk::with(&[
        ("a.md", "---\ndate: 2024-01-03\n---\n\nA cloud, and more.\n"),
        ("b.md", "---\ndate: 2024-03-03\n---\n\nCloud over cloud.\n"),
        ("c.md", "Cloud without a day.\n"),
    ]);
    desk.run(&["index", "corpus"]);
    let trend = |more: &[&str]| desk.run(&[&["trend", "--in", "corpus", "cloud"], more].concat());
    let run = trend(&["--ascii", "\"and more\"", "--svg", "trend.svg"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.is_ascii(), "{}", run.out);
    assert!(run.out.contains("cloud - 3 articles, 4 matches\n"), "{}", run.out);
    assert!(run.out.contains("\n2024-02         0        0\n"), "{}", run.out);
    assert!(run.out.contains("1 article, 1 match without a date: not in a period"), "{}", run.out);
    let svg = std::fs::read_to_string(desk.path("trend.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert_eq!((svg.matches("<polyline").count(), svg.matches("<circle").count()), (2, 6), "{svg}");
    let unicode = trend(&[]);
    assert!(unicode.out.contains('█'), "{}", unicode.out);
    let csv = trend(&["--csv", "--by", "year", "--per", "thousand-articles"]).out;
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "query,period,start,articles,matches,value,all_articles,all_words");
    assert!(rows[1].starts_with("cloud,2024,2024-01-01,2,3,1000,2,"), "{csv}");
    assert_eq!((rows[2], rows.len()), ("cloud,undated,,1,1,,,", 3));
    assert_eq!(trend(&["--until", "2023"]).code, 1);
    assert_eq!(desk.run(&["trend", "--in", "corpus", "cloud", "\"fog"]).code, 2);
}
