import Entries
public import HTTP
import ICalendar

/// The address book of an account at Microsoft: the contacts of its main folder, read through Graph.
public final class MicrosoftPeople: PeopleSource {
    private let graph: Graph

    public init(_ means: Means, base: String = MicrosoftSource.base) throws(HTTPError) {
        graph = try Graph(means, base: base)
    }

    public func people(since cursor: String?) throws -> FoundPeople? {
        guard let cursor else { return try whole(because: nil) }
        guard let link = Self.link(cursor).flatMap(graph.own) else { return try whole(because: .cursorLost) }
        guard let round = try round(from: link) else { return try whole(because: .cursorRefused) }
        if round.isEmpty { return nil }
        var found = Self.people(round)
        found.scope = .changes
        found.gone = round.removed
        return found
    }

    private func whole(because reason: FullReason?) throws -> FoundPeople {
        let start = try graph.address("me", "contacts", "delta")
        for _ in 0..<Self.mostRounds {
            guard let round = try round(from: start) else { continue }
            var found = Self.people(round)
            found.reason = reason
            return found
        }
        throw ReadingFailure(
            .transient, "state_lost",
            "Microsoft forgot \(Self.mostRounds) times in a row where the reading of the contacts stood. It may pass.")
    }

    private static let mostRounds = 3

    private func round(from address: Address) throws -> DeltaRound<Contact>? {
        try graph.round(from: address, doing: "reading the contacts", report: { _, _ in }, read: Contact.init)
    }

    private static func people(_ round: DeltaRound<Contact>) -> FoundPeople {
        let contacts = round.present
        var found = FoundPeople(
            contacts: contacts.filter(\.isSomebody), cursor: version + round.link, isComplete: round.isComplete)
        found.problems = contacts.filter { !$0.isSomebody }.map { _ in
            FoundProblem(.missingPart, "A contact has neither a name nor an address; it was left out.")
        }
        found.problems += round.overlong.map { _ in
            FoundProblem(.tooLarge, "A contact has an id that is far too long; it was left out.")
        }
        found.pages = round.pages
        return found
    }

    // MARK: The cursor, `microsoft-people-1 LINK`

    private static let version = "microsoft-people-1 "

    private static func link(_ cursor: String) -> String? {
        cursor.hasPrefix(version) ? String(cursor.dropFirst(version.count)) : nil
    }
}

extension Contact {
    /// A contact as Graph tells it.
    fileprivate init(_ identifier: String, _ json: JSONObject) {
        self.init()
        uid = identifier
        name = json.text("displayName") ?? ""
        given = json.text("givenName")
        family = json.text("surname")
        for field in ["nickName", "middleName"] {
            if let other = json.text(field) { addOtherName(other) }
        }
        for address in json.objects("emailAddresses") {
            if let text = address.text("address") { addAddress(text, label: nil) }
        }
        for field in ["primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress"] {
            if let text = json.object(field)?.text("address") { addAddress(text, label: nil) }
        }
        if let mobile = json.text("mobilePhone") { addPhone(mobile, label: "mobile") }
        for phone in json.texts("businessPhones") { addPhone(phone, label: "work") }
        for phone in json.texts("homePhones") { addPhone(phone, label: "home") }
        organization = json.text("companyName")
        title = json.text("jobTitle")
        note = json.text("personalNotes")
        revision = Longest.mark(json.text("lastModifiedDateTime"))
        completeName()
    }
}
