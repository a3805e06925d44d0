import Entries
public import HTTP
import ICalendar

/// The contacts of an account at Google.
public final class GooglePeople: PeopleSource {
    private let service: GoogleService
    private let question: String

    /// What a contact here holds, and no more.
    private static let query = [
        ("pageSize", "1000"),
        ("personFields", "names,nicknames,emailAddresses,phoneNumbers,organizations,metadata"),
        ("requestSyncToken", "true"),
    ]

    public init(_ means: Means, hosts: GoogleHosts = GoogleHosts()) {
        service = GoogleService(means, hosts)
        question = GoogleCursor.question("people", Self.query)
    }

    /// What an answer means for trying again.
    @Sendable public static func verdict(_ response: Response) -> Patience.Verdict? { GoogleSource.verdict(response) }

    public func people(since cursor: String?) throws -> FoundPeople? {
        do {
            guard let cursor else { return try whole(because: nil) }
            guard let known = GoogleCursor(cursor), known.question == question else {
                return try whole(because: .cursorLost)
            }
            if known.token.isEmpty { return try whole(because: .noCursorOffered) }
            do {
                return try changes(since: known.token)
            } catch let refusal as GoogleRefusal where refusal.isDeadCursor {
                // A token lives for seven days.
                return try whole(because: .cursorRefused)
            }
        } catch let refusal as GoogleRefusal {
            throw service.failure(refusal, .readingPeople)
        }
    }

    private func whole(because reason: FullReason?) throws -> FoundPeople {
        let listing = try list(since: nil)
        var found = found(listing)
        found.reason = reason
        return found
    }

    private func changes(since token: String) throws -> FoundPeople? {
        let listing = try list(since: token)
        if listing.isEmpty { return nil }
        guard listing.syncToken != nil else {
            throw ReadingFailure(
                .transient, "no_sync_token", "Google did not say where the next reading begins. It may pass.")
        }
        var found = found(listing)
        found.scope = .changes
        found.isComplete = true
        found.gone = listing.gone
        return found
    }

    private func found(_ listing: Listing) -> FoundPeople {
        // Who could not be read is there all the same, so nobody counts as missing.
        var found = FoundPeople(
            contacts: listing.contacts, problems: listing.problems,
            cursor: GoogleCursor(question: question, token: listing.syncToken ?? "").text,
            isComplete: listing.problems.isEmpty && listing.syncToken != nil)
        found.pages = listing.pages
        return found
    }

    // MARK: Pages

    private struct Listing {
        var contacts: [Contact] = []
        var gone: [String] = []
        var problems: [FoundProblem] = []
        var syncToken: String?
        var pages: Int64 = 0

        var isEmpty: Bool { contacts.isEmpty && gone.isEmpty && problems.isEmpty }
    }

    /// More than Google lets one account keep.
    private static let mostPeople = 100_000

    private func list(since token: String?) throws -> Listing {
        let pages = GooglePages(
            service: service, address: service.hosts.people + "/v1/people/me/connections",
            query: Self.query + (token.map { [("syncToken", $0)] } ?? []), task: .readingPeople, list: "connections")
        var people: [String: GooglePerson] = [:]
        var order: [String] = []
        var nameless = 0
        let outcome = try pages.walk { page in
            for value in page.elements("connections") {
                guard order.count < Self.mostPeople else {
                    throw ReadingFailure(
                        .permanent, "too_large",
                        "There are more than \(Self.mostPeople) contacts, which is more than Daybook takes in.")
                }
                guard let person = value.object.flatMap(GooglePerson.init) else {
                    nameless += 1
                    continue
                }
                if people.updateValue(person, forKey: person.name) == nil { order.append(person.name) }
            }
            return order.count
        }
        var listing = Listing()
        listing.syncToken = outcome.syncToken
        listing.pages = outcome.pages
        let found = order.compactMap { people[$0] }
        listing.contacts = found.compactMap(\.contact)
        // Two contacts that were joined have one name now, and say which they had before.
        let present = Set(listing.contacts.compactMap(\.uid))
        let former = found.flatMap(\.formerNames).filter { !present.contains($0) }
        listing.gone = found.filter { $0.contact == nil }.map(\.name) + former.filter { people[$0] == nil }
        if nameless > 0 {
            listing.problems = [
                FoundProblem(
                    .missingPart,
                    "\(nameless) contacts say no name that they go by at Google, or one that is far too long.")
            ]
        }
        return listing
    }
}
