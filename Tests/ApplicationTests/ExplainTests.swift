import Entries
import Testing

@testable import Application

/// Why something was logged, matched, or not, in words and with the name of the rule.
@Suite struct ExplainTests {
    private func explain(_ read: ReadHome, _ subject: String, as kind: ExplainRequest.Kind? = nil) throws
        -> ExplainRequest.Explained
    {
        var request = ExplainRequest(user: nil, subject: subject)
        request.kind = kind
        return try read.home.ask(request)
    }

    @Test func `pain 26 each attendee who is not logged has the name of a rule`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        let carl = try read.address("carl@else.example", "Carl")
        try read.person("carl", "Carl Cohn")
        try read.match(carl, "carl")
        let stranger = try read.address("x@else.example")
        try read.home.write(AddressUnmatched(), stream: "address/\(stranger)") { $0.address = stranger }
        let room = try read.address("room@else.example")
        try read.meeting("m", "Review", hours: -5, with: [bea, carl, stranger, room]) {
            $0.details.attendees[1].response = .declined
            $0.details.attendees[3].isResource = true
        }
        let explained = try explain(read, "Review")
        #expect(explained.attendees.map(\.rule) == ["email_exact", "declined", "unknown", "resource"])
        #expect(explained.attendees[0].sentence.contains("Bea Brandt, by email_exact"))
        #expect(explained.attendees[1].sentence.contains("declined the invitation"))
        #expect(explained.advice.contains { $0.contains("people add --from x@else.example") })
        #expect(explained.advice.contains { $0.contains("own-address add x@else.example") })
        #expect(explained.verdict == "It will be logged by the next run.")
    }

    @Test func `pain 32 a meeting that is not logged says by which rule`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        try read.meeting("ahead", "Ahead", hours: 5, with: [bea])
        try read.meeting("secret", "Dentist", hours: -5, with: [bea]) { $0.details.privacy = .private }
        try read.meeting("off", "Off", hours: -5, with: [bea]) { $0.details.status = .cancelled }
        try read.days("fair", "Fair", "2026-01-02", "2026-01-03")
        try read.meeting("alone", "Alone", hours: -5)
        #expect(try explain(read, "Ahead").rule == nil)
        #expect(try explain(read, "Ahead").verdict.contains("not over yet"))
        for (title, rule) in [
            ("Dentist", "private"), ("Off", "cancelled"), ("Fair", "all_day"), ("Alone", "without_others"),
        ] {
            #expect(try explain(read, title, as: .meeting).rule == rule)
        }
    }

    @Test func `a logged meeting has the entries that led to it, in their order`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        let seen = try read.meeting("m", "Review", hours: -5, with: [bea])
        let match = try read.match(bea, "bea")
        let logged = try read.log("a", "m", "bea", cause: match)
        let explained = try explain(read, "Review")
        #expect(explained.verdict == "It is logged with one person.")
        #expect(explained.chain.map(\.position) == [seen, match, logged])
        #expect(explained.chain.map(\.type) == ["meeting.seen", "address.matched", "activity.logged"])
    }

    @Test func `pain 28 an address says what each rule said, in their order`() throws {
        let read = try ReadHome()
        try read.bea()
        let other = try read.address("bea@home.example", "Bea Brandt")
        let explained = try explain(read, "bea@home.example")
        #expect(explained.about == .address)
        #expect(explained.steps.map(\.rule) == ["email_exact", "email_normalized", "name_exact"])
        #expect(explained.steps.first?.sentence == "Nobody has this address.")
        #expect(explained.verdict.contains("Bea Brandt <bea@brandt.example>"))
        #expect(explained.verdict.contains("to be confirmed"))
        #expect(try explain(read, other).title == "bea@home.example")
    }

    @Test func `pain 27 what was said by hand stands, whatever the rules say`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        try read.person("carl", "Carl Cohn")
        try read.match(bea, "carl", .manual)
        #expect(try explain(read, "bea@brandt.example").verdict.contains("Carl Cohn, said by hand"))
        try read.home.write(AddressClaimed(), stream: "address/\(bea)") { ($0.address, $0.user) = (bea, read.owner) }
        #expect(try explain(read, "bea@brandt.example").verdict.contains("your own address"))
    }

    @Test func `an address that never came up is tried all the same`() throws {
        let read = try ReadHome()
        let explained = try explain(read, "new@else.example")
        #expect(explained.verdict.hasPrefix("It never came up."))
        #expect(explained.steps.first?.rule == "email_exact")
    }

    @Test func `C06 a person has addresses, suggestions and rivals`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        try read.person("twin", "Bea Zwei", [bea])
        let home = try read.address("bea@home.example", "Bea")
        try read.home.write(AddressSuggested(), stream: "address/\(home)") {
            ($0.address, $0.person, $0.rule, $0.confidence) = (home, "bea", .namePartial, 60)
        }
        let explained = try explain(read, "Bea Brandt")
        #expect(explained.about == .person)
        let sentences = Dictionary(uniqueKeysWithValues: explained.addresses.map { ($0.shown, $0.sentence) })
        #expect(sentences["bea@brandt.example"]?.contains("matched by email_exact") == true)
        #expect(sentences["bea@brandt.example"]?.contains("also an address of Bea Zwei") == true)
        #expect(sentences["bea@home.example"]?.contains("suggested by name_partial, 60 of 100") == true)
        #expect(explained.advice.contains { $0.contains("suggestions") })
    }

    @Test func `what there is not is refused with where to look`() throws {
        let read = try ReadHome()
        let refusal = try #require(read.home.refusal(ExplainRequest(user: nil, subject: "Nothing")))
        #expect(refusal.kind == .notFound)
        #expect(refusal.hint?.contains("daybook meetings") == true)
    }
}
