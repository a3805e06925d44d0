import Entries
import HTTP

/// One account on a server: where its homes are, and what is in them.
struct DAVAccount {
    let address: Address
    let client: DAVClient
    let means: Means

    init(at address: Address, credentials: Credentials?, means: Means) {
        self.address = address
        self.means = means
        client = DAVClient(transport: means.transport, credentials: credentials)
    }

    /// The collections of the homes that are remembered; where these are not there any more, of those found anew.
    func listing(_ kind: DAVListing.Kind) throws -> DAVListing {
        if let known = Discovered(remembered: means.memory) {
            do {
                return try listing(kind, of: known)
            } catch let failure as ReadingFailure where failure.errorClass == .permanent {
                // Homes move, with a new version of a server or to another host.
                guard let found = try? Discovery(client).discover(at: address), found.homes(kind) != known.homes(kind)
                else { throw failure }
                found.remember(in: means.memory)
                return try listing(kind, of: found)
            }
        }
        return try listing(kind, of: homes())
    }

    private func listing(_ kind: DAVListing.Kind, of found: Discovered) throws -> DAVListing {
        try DAVListing(
            kind, homes: found.homes(kind), lone: found.lone(kind), principal: found.principal, client: client)
    }

    /// Where the homes are: remembered, or found now.
    func homes() throws -> Discovered {
        if let known = Discovered(remembered: means.memory) { return known }
        let found = try Discovery(client).discover(at: address)
        found.remember(in: means.memory)
        return found
    }

    /// The path of the one collection whose own address was given.
    func lonePath(_ kind: DAVListing.Kind) -> String? {
        Discovered(remembered: means.memory)?.lone(kind).first.map { DAVPath.normalised($0.path) }
    }

    /// A collection by itself: one that no home lists, because it is shared from elsewhere, or gone.
    func collection(_ kind: DAVListing.Kind, _ path: String, name: String?) throws -> DAVCollection {
        let home = try homes()
        let place = (home.homes(kind).first ?? home.address).resolving(href: DAVPath.escaped(path) + "/")
        let listing: DAVListing
        do {
            listing = try DAVListing(
                kind, homes: [], lone: place.map { [$0] } ?? [], principal: home.principal, client: client)
        } catch let failure as ReadingFailure {
            throw named(failure, kind, name)
        }
        guard let collection = listing.collections.first else { throw gone(kind, name) }
        return collection
    }

    /// A failure about one collection, in words about it.
    func named(_ failure: ReadingFailure, _ kind: DAVListing.Kind, _ name: String?) -> ReadingFailure {
        switch failure.code {
        case "not_found": gone(kind, name)
        case "forbidden":
            ReadingFailure(
                .permanent, "forbidden",
                "\(address.origin.host) does not let the account see \(title(kind, name)) any more (403). Whoever owns it "
                    + "can share it again. Nothing was changed here because of that.")
        default: failure
        }
    }

    private func gone(_ kind: DAVListing.Kind, _ name: String?) -> ReadingFailure {
        ReadingFailure(
            .permanent, kind == .calendars ? "calendar_gone" : "book_gone",
            "\(address.origin.host) does not have \(title(kind, name)) any more. Nothing was changed here because of that."
        )
    }

    private func title(_ kind: DAVListing.Kind, _ name: String?) -> String {
        name.map { "“\($0)”" } ?? (kind == .calendars ? "the calendar" : "the address book")
    }
}
