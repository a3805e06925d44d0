import Entries
import Testing

@testable import Application

/// Whose an address is: by rule, by suggestion, and by hand.
@Suite struct MatchingTests {
    private typealias Event = DecidingHome.Event

    private static let known = Event(uid: "a", title: "Known", day: "20251210T0900", people: [DecidingHome.jane])
    private static let like = Event(
        uid: "b", title: "Like", day: "20251211T0900", people: [DecidingHome.janeElsewhere])
    private static let stranger = Event(uid: "c", title: "Stranger", day: "20251212T0900", people: [DecidingHome.bob])

    @Test func `C09 a match by hand logs at once, and survives the next sync and a rematch`() throws {
        let it = try DecidingHome([Self.stranger], people: [DecidingHome.jane])
        #expect(try it.activities() == [])
        let decision = try it.home.ask(MatchRequest(user: nil, address: "bob@stone.example", person: "Jane"))
        #expect(decision.followed.logged == 1)
        #expect(try it.activities() == ["Stranger: Jane Doe"])
        try it.sync(isFull: true)
        _ = try it.home.ask(RematchRequest(user: nil))
        #expect(try it.activities() == ["Stranger: Jane Doe"])
    }

    @Test func `C09 a match by hand beats the rule that says another`() throws {
        let max = DecidingHome.Person(name: "Max Mint", emails: ["max@mint.example"])
        let it = try DecidingHome([Self.known], people: [DecidingHome.jane, max])
        #expect(try it.activities() == ["Known: Jane Doe"])
        _ = try it.home.ask(MatchRequest(user: nil, address: "jane@doe.example", person: "Max"))
        _ = try it.home.ask(RematchRequest(user: nil))
        let activities = try it.activities()
        #expect(activities.contains("Known: Max Mint"))
        #expect(activities.contains { $0.hasPrefix("Known: Jane Doe (") })
    }

    @Test func `C09 taking a match back retracts what was logged, and no rule says it again`() throws {
        let it = try DecidingHome([Self.known], people: [DecidingHome.jane])
        let decision = try it.home.ask(UnmatchRequest(user: nil, address: "jane@doe.example", person: nil))
        #expect(decision.before == "Jane Doe")
        #expect(decision.followed.retracted == 1)
        _ = try it.home.ask(RematchRequest(user: nil))
        try it.sync(isFull: true)
        #expect(try it.activities() == ["Known: Jane Doe (unmatched)"])
        _ = try it.home.ask(MatchRequest(user: nil, address: "jane@doe.example", person: "Jane"))
        #expect(try it.activities() == ["Known: Jane Doe"])
    }

    @Test func `C02 L33 a name alone logs nothing before it is confirmed`() throws {
        let it = try DecidingHome([Self.like], people: [DecidingHome.jane])
        #expect(try it.activities() == [])
        let suggestions = try it.home.ask(SuggestionsRequest(user: nil))
        #expect(suggestions.suggestions.map(\.email) == ["jd@elsewhere.example"])
        #expect(suggestions.suggestions.map(\.confidence) == [80])
        #expect(suggestions.suggestions.map(\.meetings) == [1])
        let answer = try it.home.ask(AnswerSuggestionsRequest(user: nil, address: nil, isAccepted: true))
        #expect(answer.answered.map(\.personName) == ["Jane Doe"])
        #expect(try it.activities() == ["Like: Jane Doe"])
        #expect(try it.home.ask(SuggestionsRequest(user: nil)).total == 0)
    }

    @Test func `C09 a confirmed suggestion survives a rematch, and a rejected one is not suggested again`() throws {
        let first = try DecidingHome([Self.like], people: [DecidingHome.jane])
        _ = try first.home.ask(AnswerSuggestionsRequest(user: nil, address: "jd@elsewhere", isAccepted: true))
        _ = try first.home.ask(RematchRequest(user: nil))
        _ = try first.home.ask(RematchRequest(user: nil))
        #expect(try first.activities() == ["Like: Jane Doe"])

        let second = try DecidingHome([Self.like], people: [DecidingHome.jane])
        _ = try second.home.ask(
            AnswerSuggestionsRequest(user: nil, address: "jd@elsewhere.example", isAccepted: false))
        _ = try second.home.ask(RematchRequest(user: nil))
        #expect(try second.home.ask(SuggestionsRequest(user: nil)).total == 0)
        #expect(try second.activities() == [])
    }

    @Test func `K04 C08 a dry run of a rematch writes nothing`() throws {
        let it = try DecidingHome([Self.like], people: [DecidingHome.jane])
        let before = try it.entryCount()
        var request = RematchRequest(user: nil)
        request.isDryRun = true
        let answer = try it.home.ask(request)
        #expect(answer.users.first?.looked ?? 0 > 0)
        #expect(answer.users.first?.followed == nil)
        #expect(try it.entryCount() == before)
    }

    @Test func `C09 what cannot be decided is refused, with the next step`() throws {
        let it = try DecidingHome([Self.known], people: [DecidingHome.jane])
        let home = it.home
        let unknown = try #require(home.refusal(MatchRequest(user: nil, address: "x@y.example", person: "Jane")))
        #expect(unknown.kind == .notFound)
        #expect(unknown.hint?.contains("people add --from") == true)
        let nobody = try #require(home.refusal(MatchRequest(user: nil, address: "jane@doe.example", person: "Zoe")))
        #expect(nobody.kind == .notFound)
        _ = try home.ask(UnmatchRequest(user: nil, address: "jane@doe.example", person: nil))
        let again = try #require(home.refusal(UnmatchRequest(user: nil, address: "jane@doe.example", person: nil)))
        #expect(again.kind == .conflict)
        let none = AnswerSuggestionsRequest(user: nil, address: "jane@doe.example", isAccepted: true)
        #expect(home.refusal(none)?.kind == .conflict)
    }

    @Test func `C10 L29 an own address is not matched by hand either`() throws {
        let it = try DecidingHome([Self.known], people: [DecidingHome.jane])
        _ = try it.home.ask(ClaimAddressRequest(user: nil, emails: ["Jane@Doe.example "]))
        let refused = it.home.refusal(MatchRequest(user: nil, address: "jane@doe.example", person: "Jane"))
        #expect(refused?.kind == .conflict)
    }
}
