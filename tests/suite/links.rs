//! Links and references: their targets and texts in each format, and the diagnostics of wrong ones.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc;

use serde_json::Value;

use crate::epub::entries_of;
use crate::harness::Project;
use crate::pdf::facts_of;

fn publication(title: &str, lang: &str, number: u8, sections: &str, more: &str) -> String {
    format!(
        "title = \"{title}\"\nlang = \"{lang}\"\nuuid = \"4d1b4f0e-4a8c-4b8e-9c57-0f4b8f1d2a0{number}\"\nsections = [{sections}]\n\n\
         [[editions]]\nid = \"2024-01\"\ndate = \"2024-01\"\n\n{more}"
    )
}

fn section(title: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n+++\n{body}\n")
}

const TEXT: &str = "\
Voir la section [](#courbe) ! Et [](#geste), puis [](publication:guide#outil), [](publication:leaflet#locks),
[le guide](publication:guide), [l’outil](publication:guide#reglage) et [](publication:guide).

::: resources {ids=\"g l\"}
:::
";

const RESOURCES: &str = "\
[[resources]]
id = \"g\"
title = \"Le guide\"
target = { publication = \"guide#outil\" }

[[resources]]
id = \"l\"
title = \"The leaflet\"
target = { publication = \"leaflet\" }
";

/// Returns two series with one and two publications, which link to each other.
fn workspace() -> Project {
    Project::new()
        .file("reliure.toml", "published-at = \"https://example.org/docs\"\n")
        .file("sources/rivages/series.toml", "title = \"Rivages\"\n")
        .file("sources/rivages/carnet/publication.toml", &publication("Carnet", "fr", 1, "\"releve\", \"courbe\"", RESOURCES))
        .file("sources/rivages/carnet/releve.md", &section("Le relevé", TEXT))
        .file("sources/rivages/carnet/courbe.md", &section("La courbe d'été", "## Le geste {#geste}\n\nUn texte."))
        .file("sources/rivages/guide/publication.toml", &publication("Guide", "fr", 2, "\"debut\", \"outil\"", ""))
        .file("sources/rivages/guide/debut.md", &section("Début", "Voir [](publication:carnet#geste)."))
        .file("sources/rivages/guide/outil.md", &section("L'outil", "## Le réglage {#reglage}\n\nUn texte."))
        .file("sources/canal/series.toml", "title = \"Canal\"\n")
        .file("sources/canal/leaflet/publication.toml", &publication("The locks", "en", 3, "\"locks\"", ""))
        .file("sources/canal/leaflet/locks.md", &section("Locks and gates", "See [](publication:guide#reglage)."))
}

/// Returns the address and description of each external link, and the name and description of each internal link.
fn pdf_links(project: &Project, name: &str) -> Vec<(String, String)> {
    let facts = facts_of(&project.path(&format!("build/{name}.pdf")));
    let pages = facts["pages"].as_array().cloned().unwrap_or_default();
    let links = pages.iter().flat_map(|page| page["links"].as_array().cloned().unwrap_or_default());
    let text = |link: &Value, key: &str| link[key].as_str().unwrap_or_default().to_owned();
    let target = |link: &Value| if link["uri"].is_null() { format!("#{}", text(link, "name")) } else { text(link, "uri") };
    links.map(|link| (target(&link), text(&link, "contents"))).collect()
}

#[test]
fn pdfs_link_to_other_pdfs_with_descriptions() {
    let project = workspace();
    project.run(&["build"]).succeeds();
    let links = pdf_links(&project, "rivages/carnet-2024-01");
    let mut wanted = vec![
        ("#courbe", "La courbe d’été, p.\u{a0}4"),
        ("#geste", "Le geste, p.\u{a0}4"),
        ("guide-2024-01.pdf#outil", "L’outil (Guide)"),
        ("../canal/leaflet-2024-01.pdf#locks", "Locks and gates (The locks)"),
        ("guide-2024-01.pdf", "le guide"),
        ("guide-2024-01.pdf", "Guide"),
        ("guide-2024-01.pdf#reglage", "l’outil (aller à\u{a0}: Le réglage (Guide))"),
        ("../canal/leaflet-2024-01.pdf", "The leaflet (à consulter)"),
    ];
    wanted.retain(|(target, contents)| !links.iter().any(|link| link.0 == *target && link.1 == *contents));
    assert!(wanted.is_empty(), "no {wanted:#?} in\n{links:#?}");
    assert_eq!(pdf_links(&project, "canal/leaflet-2024-01").last().unwrap().0, "../rivages/guide-2024-01.pdf#reglage");
    // Every destination that another publication names exists.
    for (file, anchor) in
        [("rivages/guide-2024-01", "outil"), ("rivages/guide-2024-01", "reglage"), ("canal/leaflet-2024-01", "locks")]
    {
        let facts = facts_of(&project.path(&format!("build/{file}.pdf")));
        assert!(facts["names"].as_array().unwrap().iter().any(|name| name == anchor), "{file}#{anchor}");
    }
}

#[test]
fn references_print_titles_and_pages() {
    let project = workspace();
    project.run(&["build"]).succeeds();
    let pdf = project.path("build/rivages/carnet-2024-01.pdf");
    let output = Command::new("pdftotext").arg(pdf).arg("-").output().expect("pdftotext runs");
    let text = String::from_utf8_lossy(&output.stdout).replace(['\n', '\u{c}', '\u{a0}', '\u{202f}'], " ");
    for expected in [
        "Voir la section La courbe d’été, p. 4 ! Et Le geste, p. 4, puis",
        "L’outil (Guide), Locks and gates (The locks),",
        "et Guide.",
    ] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
    let entries = entries_of(&project.path("build/rivages/carnet-2024-01.epub"));
    let page = &entries["OEBPS/releve.xhtml"];
    let expected =
        "Voir la section <a class=\"reference\" href=\"courbe.xhtml#courbe\"><cite>La courbe d’été</cite></a>\u{202f}! Et ";
    assert!(page.contains(expected), "{page}");
    assert!(page.contains("<cite lang=\"en\" xml:lang=\"en\">Locks and gates</cite>"), "a title keeps its language: {page}");
}

#[test]
fn epubs_link_to_published_epubs() {
    let project = workspace();
    project.run(&["build"]).succeeds();
    let entries = entries_of(&project.path("build/rivages/carnet-2024-01.epub"));
    let page = &entries["OEBPS/releve.xhtml"];
    let guide = "https://example.org/docs/rivages/guide-2024-01.epub";
    for href in [
        format!("href=\"{guide}\">le guide</a>"),
        format!("href=\"{guide}#epubcfi(/6/10!/4/2/2%5Boutil%5D)\">l’outil</a>"),
        format!("href=\"{guide}#epubcfi(/6/10!/4/2/2%5Boutil%5D)\">Le guide</a>"),
        "href=\"https://example.org/docs/canal/leaflet-2024-01.epub\">The leaflet</a>".into(),
    ] {
        assert!(page.contains(&href), "no {href} in\n{page}");
    }
    // /6 is the spine, the third element of the package; /10 its fifth item; /4 the body; /2 its first element.
    let guide = entries_of(&project.path("build/rivages/guide-2024-01.epub"));
    let package = &guide["OEBPS/content.opf"];
    let spine = package.split_once("<spine").expect("a spine").1;
    let idref = spine.split("idref=\"").nth(5).and_then(|rest| rest.split('"').next()).expect("a fifth item");
    let item = package.split("<item ").find(|item| item.contains(&format!("id=\"{idref}\""))).expect("its item");
    assert!(item.contains("href=\"outil.xhtml\""), "{item}");
    let body = guide["OEBPS/outil.xhtml"].split_once("<body").expect("a body").1;
    let mut elements = body.split('<').skip(1);
    assert!(elements.next().is_some_and(|first| first.starts_with("main>")), "{body}");
    assert!(elements.next().is_some_and(|second| second.starts_with("section ") && second.contains("id=\"outil\"")), "{body}");
}

#[test]
fn epubs_name_unpublished_publications() {
    let project = workspace().file("reliure.toml", "");
    project.run(&["build"]).succeeds();
    let page = entries_of(&project.path("build/rivages/carnet-2024-01.epub")).remove("OEBPS/releve.xhtml").unwrap();
    assert!(page.contains("<span class=\"publication-reference\"><cite>L’outil</cite> (<cite>Guide</cite>)</span>"), "{page}");
    assert!(page.contains("<span class=\"publication-reference\">le guide (<cite>Guide</cite>)</span>"), "{page}");
    assert!(!page.contains("example.org"), "{page}");
}

#[test]
fn rejects_dead_links() {
    let carnet = "sources/rivages/carnet/releve.md";
    let manifest = "sources/rivages/carnet/publication.toml";
    let assert_rejected = |file: &str, from: &str, to: &str, words: &[&str]| {
        let session = workspace().edit(file, from, to).run(&["check"]).fails_with(1);
        words.iter().fold(session, |session, words| session.says(words));
    };
    assert_rejected(carnet, "[](#courbe)", "[](#courbee)", &["R301", "releve.md:4:17", "did you mean \"courbe\"?"]);
    assert_rejected(carnet, "[](publication:guide#outil)", "[](publication:guide#outils)", &["R301", "did you mean \"outil\"?"]);
    assert_rejected(manifest, "guide#outil", "guide#outils", &["R301", "publication.toml:13:10", "did you mean \"outil\"?"]);
    assert_rejected(manifest, "\"leaflet\"", "\"leaflets\"", &["R301", "did you mean \"leaflet\"?"]);
    assert_rejected(
        carnet,
        "[](#courbe)",
        "[](https://example.org)",
        &["R304", "has no words", "releve.md:4:17", "<https://example.org>"],
    );
    assert_rejected(
        "reliure.toml",
        "https://example.org/docs",
        "www.example.org",
        &["R304", "reliure.toml:1:16", "write https://www.example.org"],
    );
}

#[test]
fn validates_all_addresses() {
    let manifest = "[people.a]\nname = \"A\"\nurl = \"www.example.org\"\n\n[[sources]]\ntitle = \"S\"\nurl = \"htps://example.org\"\n\n\
        [[resources]]\nid = \"r\"\ntitle = \"R\"\ntarget = { url = \"https://https://example.org\" }\n\n[[editions]]";
    let body = "::: resources {ids=\"r\"}\n:::\n\n::: video {url=\"mailto:a@example.org\" title=\"V\"}\n:::\n\n[a](mailto:a)\n";
    let project = Project::small(body).edit("sources/note/publication.toml", "[[editions]]", manifest);
    let session = project.run(&["check"]).fails_with(1).says("5 errors");
    let session = session.says("publication.toml:14:7").says("write https://www.example.org");
    let session = session.says("publication.toml:18:7").says("write https://example.org");
    let session = session.says("publication.toml:23:10");
    session.says("text.md:7:1").says("is not the address of a video").says("text.md:10:1").says("is not a mail address");

    let project = Project::small("See [it](https://example.org/x.) and [that](http://example.org).");
    let session = project.run(&["check"]).succeeds().says("2 warnings");
    let session = session.says("warning[R306]").says("text.md:4:5").says("write https://example.org/x, and \".\" after the link");
    session.says("text.md:4:38").says("write https://example.org, if the site supports it");
}

#[test]
fn warns_about_links_to_numbered_ids() {
    let body = "## Method\n\nA.\n\n## Method\n\nB.\n";
    Project::small(body).run(&["check"]).succeeds().says("no errors");
    for link in ["#method", "#method-2"] {
        let session = Project::small(&format!("{body}\n[See]({link}).")).run(&["check"]).succeeds();
        session
            .says("warning[R305]: this heading has the numbered id \"method-2\", because another heading has the id \"method\"")
            .says("text.md:8:1")
            .says("the other heading")
            .says("give it an id of its own: {#text-method}");
    }
}

#[test]
fn warns_about_links_to_numbered_ids_of_other_publications() {
    for (id, message) in [
        (
            "methode",
            "the id \"methode\" in \"carnet\" is ambiguous: another heading with the same words has the numbered id \"methode-2\"",
        ),
        ("methode-2", "the id \"methode-2\" in \"carnet\" was numbered, because another heading has the id \"methode\""),
    ] {
        let linked = format!("{}\n[Voir](publication:carnet#{id})\n", section("Début", ""));
        let project = workspace()
            .file("sources/rivages/carnet/courbe.md", &section("La courbe", "## Le geste {#geste}\n\n## Méthode\n\n## Méthode"))
            .file("sources/rivages/guide/debut.md", &linked);
        let session = project.run(&["check", "guide"]).succeeds();
        let session = session.says(&format!("warning[R305]: {message}")).says("debut.md:6:1");
        session.says("courbe.md:8:1").says("give that heading an id of its own: {#courbe-methode}");
        let session = project.run(&["check", "carnet"]).succeeds();
        assert!(!session.stderr.contains("R305"), "{}", session.stderr);
    }
}

#[test]
fn rejects_links_to_unreadable_publications() {
    let broken = workspace().file("sources/rivages/guide/outil.md", "no front matter\n");
    let session = broken.run(&["check", "carnet"]).fails_with(1);
    let session = session.says("error[R301]: the publication \"guide\" cannot be linked to: it could not be read");
    let session = session.says("releve.md:4:51").says("run `reliure check guide`, and correct what it reports");
    assert!(!session.stderr.contains("no publication is named"), "{}", session.stderr);
    // A publication without broken links is not affected.
    let apart = broken.file("sources/canal/leaflet/locks.md", &section("Locks and gates", "None."));
    apart.run(&["check", "leaflet"]).succeeds();
}

#[test]
fn rejects_links_that_are_decorative_images() {
    let png = std::fs::read(crate::harness::repository().join("tests/fixtures/carnet/sources/carnet/images/coupe.png")).unwrap();
    let project = Project::small("A word. [![](tree.png)](https://example.org)")
        .file("sources/note/tree.png.toml", "licence = \"CC-BY-4.0\"\ndecorative = true\n");
    std::fs::write(project.path("sources/note/tree.png"), &png).unwrap();
    project.run(&["check"]).fails_with(1).says("R402").says("text.md:4:9").says("this link is an image without alternative text");
}

/// Answers a number of requests on a free port, each according to its request line, then sends the received request lines.
fn serve(requests: usize, answer: fn(&str) -> &'static str) -> (u16, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (heard, hearing) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let mut stream = stream.expect("a connection");
            let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            let agent =
                lines.by_ref().take_while(|line| !line.is_empty()).find(|line| line.to_lowercase().starts_with("user-agent"));
            let _ = lines.take_while(|line| !line.is_empty()).count();
            let head = answer(first.trim_end_matches(" HTTP/1.1"));
            let _ = write!(stream, "HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = heard.send(format!("{first} {}", agent.unwrap_or_default()));
        }
    });
    (port, hearing)
}

#[test]
fn requests_each_address_once_with_links_option_only() {
    let (port, heard) = serve(11, |request| match request {
        "HEAD /fine" | "GET /headless" | "HEAD /new" => "200 OK",
        "HEAD /old" => "301 Moved Permanently\r\nLocation: /new",
        "HEAD /detour" => "302 Found\r\nLocation: /new",
        "HEAD /headless" => "405 Method Not Allowed",
        "HEAD /shut" | "GET /shut" => "403 Forbidden",
        "HEAD /lost" | "GET /lost" => "404 Not Found",
        _ => "500 Internal Server Error",
    });
    // A port that was free a moment ago and has no listener.
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let site = format!("http://127.0.0.1:{port}");
    let body = format!(
        "[Fine]({site}/fine) and [again]({site}/fine#there).\n\n[Old]({site}/old), [detour]({site}/detour), [headless]({site}/headless).\n\n\
         [Shut]({site}/shut)\n\n[Lost]({site}/lost)\n\n[Closed](http://127.0.0.1:{closed}/x) and [mail](mailto:a@example.org)."
    );
    let manifest = format!("[[sources]]\ntitle = \"S\"\nlicence = \"public domain\"\nurl = \"{site}/lost\"\n\n[[editions]]");
    let project = Project::small(&body)
        .edit("sources/note/publication.toml", "[[editions]]", &manifest)
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1");

    project.run(&["check"]).succeeds();
    project.run(&["build"]).succeeds();
    assert_eq!(heard.try_recv(), Err(mpsc::TryRecvError::Empty), "other commands do not use the network");

    let session = project.run(&["check", "--links", "--verbose"]).fails_with(1);
    let expected = [
        // A warning for each of the nine http:// links, for the moved address, and for the address to which access is denied.
        "2 errors, 11 warnings".into(),
        format!("requesting {site}/fine\n"),
        format!("error[R307]: the address \"{site}/lost\" does not exist (404)"),
        "also linked here".into(),
        format!("error[R307]: the address \"http://127.0.0.1:{closed}/x\" cannot be reached: the site refuses the connection"),
        format!("warning[R308]: the address \"{site}/old\" has moved to \"{site}/new\""),
        format!("hint: write {site}/new"),
        format!("whether the address \"{site}/shut\" exists: the site denies access (403)"),
    ];
    expected.iter().fold(session, |session, words| session.says(words));
    let requests: Vec<String> = heard.try_iter().collect();
    assert_eq!(
        requests.len(),
        11,
        "a HEAD for each address, a GET if HEAD is rejected, and the targets of redirects: {requests:#?}"
    );
    assert_eq!(requests.iter().filter(|request| request.contains(" /fine ")).count(), 1, "{requests:#?}");
    let agent = format!("reliure/{}", env!("CARGO_PKG_VERSION"));
    assert!(requests.iter().all(|request| request.contains(&agent)), "{requests:#?}");
}

#[test]
fn allowances_apply_to_network_diagnostics() {
    let (port, _heard) = serve(2, |_| "403 Forbidden");
    let body = format!("<!-- allow R309: the library asks who you are -->\n\n[The catalogue](http://127.0.0.1:{port}/shut)");
    let project = Project::small(&body)
        .edit("sources/note/publication.toml", "[[editions]]", "[checks]\nR306 = \"off\"\n\n[[editions]]")
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1");
    for arguments in [&["check"][..], &["check", "--links"]] {
        let session = project.run(arguments).succeeds();
        assert!(!session.stderr.contains("R309") && !session.stderr.contains("R213"), "{}", session.stderr);
    }
}

/// Returns the workspace with a link in the section `releve` of the publication `carnet`.
fn linked(link: &str) -> Project {
    workspace()
        .file("sources/rivages/carnet/releve.md", &section("Le relevé", &format!("Voir {link}.\n\n## Fin (1)\n\nUn texte.")))
        .file(
            "sources/rivages/carnet/courbe.md",
            &section("La courbe", "## Le geste {#geste}\n\nUn texte.\n\n## dispatch(action) & l'été\n\nUn texte."),
        )
}

#[test]
fn links_to_files_lead_to_their_sections() {
    for (link, href) in [
        ("[x](courbe.md)", "courbe.xhtml#courbe"),
        ("[x](./courbe.md#geste)", "courbe.xhtml#geste"),
        ("[x](../carnet/courbe.md?plain=1)", "courbe.xhtml#courbe"),
        // The id that GitHub derives from the heading.
        ("[x](courbe.md#dispatchaction--lété)", "courbe.xhtml#dispatch-action-l-ete"),
        ("[x](courbe.md#dispatchaction--l%C3%A9t%C3%A9)", "courbe.xhtml#dispatch-action-l-ete"),
        ("[x](releve.md#fin-1)", "#fin-1"),
        ("[x](#fin1)", "#fin-1"),
        ("<a href=\"courbe.md#geste\">x</a>", "courbe.xhtml#geste"),
        ("[x][a]\n\n[a]: courbe.md\n\nFin", "courbe.xhtml#courbe"),
    ] {
        let project = linked(link);
        project.run(&["build", "carnet"]).succeeds();
        let page = &entries_of(&project.path("build/rivages/carnet-2024-01.epub"))["OEBPS/releve.xhtml"];
        assert!(page.contains(&format!("href=\"{href}\">x</a>")), "{link}: {page}");
    }
    // Without words, the link shows the title.
    let project = linked("[](courbe.md)");
    project.run(&["build", "carnet"]).succeeds();
    let page = &entries_of(&project.path("build/rivages/carnet-2024-01.epub"))["OEBPS/releve.xhtml"];
    assert!(page.contains("href=\"courbe.xhtml#courbe\"><cite>La courbe</cite></a>"), "{page}");
}

#[test]
fn links_to_files_of_other_publications_lead_there() {
    for (link, target, contents) in [
        ("[le réglage](../guide/outil.md#reglage)", "guide-2024-01.pdf#reglage", "le réglage"),
        ("[](../guide/outil.md)", "guide-2024-01.pdf#outil", "L’outil (Guide)"),
        ("[](../../canal/leaflet/locks.md)", "../canal/leaflet-2024-01.pdf#locks", "Locks and gates (The locks)"),
    ] {
        let project = linked(link);
        project.run(&["build", "carnet"]).succeeds();
        let links = pdf_links(&project, "rivages/carnet-2024-01");
        assert!(links.iter().any(|(to, name)| to == target && name.starts_with(contents)), "{link}: {links:#?}");
    }
}

#[test]
fn links_to_files_that_are_no_sections_are_reported() {
    for (link, words) in [
        (
            "[x](courbes.md)",
            ["error[R301]", "the file \"courbes.md\" is not a section of this publication", "did you mean \"courbe\"?"],
        ),
        (
            "[x](courbe.md#gestes)",
            ["error[R301]", "the section in \"courbe.md\" has no heading \"gestes\"", "did you mean \"geste\"?"],
        ),
        ("[x](releve.md#geste)", ["error[R301]", "the section in \"releve.md\" has no heading \"geste\"", "releve.md:4:6"]),
        (
            "[x](../guide/outils.md)",
            ["error[R301]", "the publication \"guide\" has no section \"outils.md\"", "did you mean \"outil\"?"],
        ),
        ("[x](../../../README.md)", ["error[R304]", "is a text that is not part of a publication", "put it online"]),
        ("[x](suite.html#y)", ["error[R304]", "is a page beside the text", "#y"]),
    ] {
        let session = linked(link).run(&["check", "carnet"]).fails_with(1);
        let session = words.iter().fold(session, |session, words| session.says(words));
        session.says("releve.md:4:6");
        let lenient = linked(link);
        lenient.run(&["build", "carnet", "--lenient"]).succeeds().says("its text is kept without a link");
    }
    // A section of another edition.
    let project = linked("[x](courbe.md)").edit(
        "sources/rivages/carnet/publication.toml",
        "[[editions]]",
        "[[editions]]\nid = \"2023-01\"\ndate = \"2023-01\"\nsections = [\"releve\"]\n\n[[editions]]",
    );
    let session = project.run(&["check", "carnet"]).fails_with(1);
    session.says("the file \"courbe.md\" is not a section of the edition \"2023-01\"").says("except=\"2023-01\"");
}

#[test]
fn ambiguous_ids_of_other_tools_are_dead_links() {
    let project = Project::small("## A-b\n\nText.\n\n## Ab\n\nText.\n\n[x](#a.b)\n");
    project.run(&["check"]).fails_with(1).says("error[R301]").says("text.md:12:1");
    // An id of the text takes precedence.
    let project = Project::small("## A-b\n\nText.\n\n## Ab\n\nText.\n\n[x](#a-b)\n");
    project.run(&["build"]).succeeds();
    assert!(entries_of(&project.path("build/note-1.epub"))["OEBPS/text.xhtml"].contains("href=\"#a-b\">x</a>"));
}
