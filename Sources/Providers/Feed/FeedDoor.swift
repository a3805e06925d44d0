import Entries
import HTTP
import Secrets

/// Where a feed is asked for, and what is shown there.
struct FeedDoor {
    let address: Secret
    let origin: Origin
    let credentials: Credentials?

    init(address: Secret, login: String?, password: Secret?, allowsPlain: Bool) throws {
        let read = try address.reveal { try Self.read($0) }
        guard read.origin.isSecure || allowsPlain else {
            throw ReadingFailure(
                .permanent, "not_encrypted",
                "\(read.origin.place) would be read over http, where anybody on the way can read and change what it says. "
                    + "Use its https address, or allow that this one is read without encryption.")
        }
        self.address = Secret(read.text)
        origin = read.origin
        credentials = login.map { Credentials(.password(login: $0, password ?? Secret("")), for: read.origin) }
    }

    /// Whether what is shown here may be shown there the next time.
    func mayMove(to other: Origin) -> Bool { credentials == nil || origin.mayBecome(other) }

    func request(_ conditions: FeedConditions) throws -> Request {
        var request = Request("GET", try address.reveal { try Self.read($0) })
        request.headers = [Header("Accept", "text/calendar, text/plain;q=0.8, */*;q=0.5")]
        if let tag = conditions.entityTag { request.headers.append(Header("If-None-Match", tag)) }
        if let date = conditions.lastModified { request.headers.append(Header("If-Modified-Since", date)) }
        request.credentials = credentials
        return request
    }

    private static func read(_ text: String) throws -> Address {
        let isBlank = { (byte: UInt8) in byte <= 32 }
        let trimmed = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        do {
            return try Address(String(decoding: Array(trimmed), as: UTF8.self))
        } catch {
            throw ReadingFailure(error)
        }
    }
}
