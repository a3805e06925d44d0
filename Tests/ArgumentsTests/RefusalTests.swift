import Arguments
import Testing

@Suite struct RefusalTests {
    static let said: [(String, String)] = [
        (
            "log --limit ten",
            "--limit wants a whole number from 1 to 1000, not “ten”. See: daybook log --help"
        ),
        ("log -n 0", "-n wants a whole number from 1 to 1000, not “0”. See: daybook log --help"),
        ("log --folow", "--folow is not an option of daybook log. Did you mean --follow? See: daybook log --help"),
        ("log --fol", "--fol is not an option of daybook log. Did you mean --follow? See: daybook log --help"),
        ("log --secre", "--secre is not an option of daybook log. See: daybook log --help"),
        ("log --no-follow", "--no-follow is not an option of daybook log. See: daybook log --help"),
        (
            "log --no-color",
            "--no-color is not an option of daybook log. Did you mean --no-colour? See: daybook log --help"
        ),
        ("log -x", "-x is not an option of daybook log. See: daybook log --help"),
        ("log -fx", "-x in “-fx” is not an option of daybook log. See: daybook log --help"),
        (
            "--follow log",
            "--follow is not an option of daybook. It stands after its verb: daybook log --follow. See: daybook --help"
        ),
        ("lgo", "“lgo” is not a verb of daybook. Did you mean log? See: daybook --help"),
        ("met", "“met” is not a verb of daybook. Did you mean metrics? See: daybook --help"),
        ("repai", "“repai” is not a verb of daybook. See: daybook --help"),
        ("lgo --help", "“lgo” is not a verb of daybook. Did you mean log? See: daybook --help"),
        ("help lgo", "“lgo” is not a verb of daybook. Did you mean log? See: daybook --help"),
        (
            "metrics exprot",
            "“exprot” is not a verb of daybook metrics. Did you mean export? See: daybook metrics --help"
        ),
        ("metrics zzz", "“zzz” is not a verb of daybook metrics. It has export or list. See: daybook metrics --help"),
        ("metrics", "daybook metrics wants a verb: export or list. See: daybook metrics --help"),
        ("-v", "daybook wants a verb. See: daybook --help"),
        ("log --limit", "--limit wants NUMBER, and nothing follows it. See: daybook log --help"),
        (
            "log --limit --follow",
            "--limit wants NUMBER, and “--follow” follows it. "
                + "A value that begins with a hyphen is written --limit=VALUE. See: daybook log --help"
        ),
        ("log --follow=yes", "--follow takes no value, and was given “yes”. See: daybook log --help"),
        (
            "log --limit 1 -n 2",
            "--limit was given 2 times: “1”, then “2”. Give it once. See: daybook log --help"
        ),
        ("log --colour --no-colour", "--colour contradicts --no-colour. Give one of them. See: daybook log --help"),
        (
            "log --format jsno",
            "--format wants human, json or tsv, not “jsno”. Did you mean “json”? See: daybook log --help"
        ),
        ("show", "EVENT is missing. See: daybook show --help"),
        ("show x", "EVENT wants a whole number of at least 1, not “x”. See: daybook show --help"),
        (
            "show 1 cause more",
            "“more” is one argument too many for daybook show. Usage: daybook show EVENT [PART]. See: daybook show --help"
        ),
        ("add", "--to is missing. See: daybook add --help"),
        ("copy a", "TO is missing. See: daybook copy --help"),
    ]

    @Test(arguments: said)
    func `a wrong line is answered with what was wrong and what to do`(_ line: String, _ answer: String) {
        #expect(Daybook.refusal(of: line) == answer)
    }

    @Test(arguments: ["log --limit 10", "log --follow", "metrics export", "show 1 cause", "add --to me", "copy a b"])
    func `a right line is not refused`(_ line: String) {
        #expect(Daybook.refusal(of: line) == "")
    }

    @Test func `an error without a hint is one sentence`() {
        #expect(ArgumentError("the cup is empty").description == "the cup is empty.")
        #expect(ArgumentError("the cup is empty", hint: "Fill it.").description == "the cup is empty. Fill it.")
    }
}
