//! x
#![allow(clippy::all)]
use reliure::*;
struct P;
impl Progress for P {
    fn begin(&self, _: usize) {}
    fn step(&self, _: &str) {}
    fn finish_job(&self, _: &str) {}
    fn end(&self) {}
}
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let r = Request {
        root: a[0].clone().into(),
        formats: vec![Format::Pdf],
        output: Some(a[1].clone().into()),
        publications: a[2..].to_vec(),
        ..Default::default()
    };
    let t = std::time::Instant::now();
    let o = build(&r, &P);
    for d in o.diagnostics.sorted() {
        let pos = d
            .span
            .and_then(|s| o.sources.position(s.source, s.start).map(|p| (o.sources.get(s.source).unwrap().name.clone(), p)));
        println!(
            "{:?}[{}] {} {:?} {:?} {:?}",
            d.severity,
            d.code,
            d.message,
            pos,
            d.hints,
            d.related
                .iter()
                .map(|(s, m)| (o.sources.get(s.source).unwrap().name.clone(), o.sources.position(s.source, s.start), m.clone()))
                .collect::<Vec<_>>()
        );
    }
    for a in &o.artefacts {
        println!("{} {}", a.path.display(), a.bytes)
    }
    println!("{:?}", t.elapsed());
}
