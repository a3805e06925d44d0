import Entries
import HTTP
import ICalendar
import Providers
import Secrets

// Answers of Google and Microsoft: calendars and people are listed and read, and read again from their cursors; or tokens are
// handed out. The first byte says whose they are, and whether they come round again.
//
// Besides that nothing traps and nothing asks without end: nobody but the service itself is asked anything, for the token
// would go with the question.

@_cdecl("LLVMFuzzerTestOneInput")
public func readService(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let first = bytes.first else { return 0 }
    let isGoogle = first & 2 != 0
    if first & 32 != 0, first & 4 == 0 {
        askForTokens(bytes.dropFirst(), isGoogle, isForEver: first & 1 != 0)
        return 0
    }
    let hosts: Set =
        isGoogle ? ["https://www.googleapis.com", "https://people.googleapis.com"] : ["https://graph.microsoft.com"]
    let service = Replies(
        bytes.dropFirst(), isForEver: first & 1 != 0, wrap: object,
        check: { request in
            precondition(hosts.contains(request.address.origin.description), "asked \(request.address.text)")
            if !request.body.isEmpty {
                precondition((try? JSONObject(request.body)) != nil, "what is asked is no object")
            }
        })
    let means = Means(
        transport: service, now: { 1_772_452_800_000 }, zones: ZoneBook { _ in nil }, mark: { String($0.count) })
    let people: (any PeopleSource)? = isGoogle ? GooglePeople(means) : try? MicrosoftPeople(means)
    if first & 4 != 0 {
        let found = try? people?.people(since: nil)
        if let found { _ = try? people?.people(since: found.cursor) }
        return 0
    }
    let source: (any CalendarSource)? = isGoogle ? GoogleSource(means) : try? MicrosoftSource(means)
    if first & 8 != 0 { _ = try? source?.calendars() }
    var place = CalendarPlace(path: "ada@brandt.example")
    // Of a calendar that shows only when somebody is busy.
    if first & 16 != 0 { place.access = .busyOnly }
    var cursor: String?
    for _ in 0..<2 {
        let window = ReadingWindow(from: 1_764_676_800_000, to: 1_775_044_800_000)
        let wish = ReadingWish(cursor: cursor, window: window, isKnown: { $0.utf8.count % 2 == 0 })
        guard let reading = try? source?.read(place, wish) else { continue }
        try? reading.forEachPage(where: { _ in true }, { _ in })
        cursor = reading.cursor
    }
    return 0
}

private func askForTokens(_ bytes: ArraySlice<UInt8>, _ isGoogle: Bool, isForEver: Bool) {
    let secret = isGoogle ? Secret("secret") : nil
    guard let grantor = try? Grantor(isGoogle ? .google : .microsoft, clientID: "id", clientSecret: secret) else {
        return
    }
    let door = Replies(
        bytes, isForEver: isForEver, wrap: { part, _ in Array(part) },
        check: { request in
            let hosts = ["https://oauth2.googleapis.com", "https://login.microsoftonline.com"]
            precondition(hosts.contains(request.address.origin.description), "asked \(request.address.text)")
        })
    let now: @Sendable () -> Int64 = { 1_772_452_800_000 }
    let desk = TokenDesk(grantor, door, now: now)
    let request = GrantRequest(
        scopes: grantor.scopes(people: false), redirect: "http://127.0.0.1/", isForPeople: false, now: now(), .system)
    let answer = String(decoding: bytes, as: UTF8.self)
    if let code = try? request.code(in: answer, of: grantor) {
        preconditionFailure("a state that nobody knew: \(code)")
    }
    if let tokens = try? desk.tokens(for: "code", request) {
        precondition((try? TokenSet(sealedForm: tokens.sealedForm())) == tokens, "they are kept as others")
        _ = try? desk.renewed(tokens)
        _ = try? desk.revoke(tokens)
    }
    guard let device = try? desk.device(request.scopes) else { return }
    precondition((1...60).contains(device.intervalSeconds), "it waits for \(device.intervalSeconds) seconds")
    _ = try? desk.tokens(for: device, isForPeople: false)
}

/// As it is; or within the lists that both services hand out.
private func object(_ part: ArraySlice<UInt8>, _ form: UInt8) -> [UInt8] {
    let google = (#"{"nextSyncToken":"s","items":[{"#, "}]}")
    let microsoft = (#"{"value":[{"#, #"}],"@odata.deltaLink":"https://graph.microsoft.com/v1.0/d?$deltatoken=a"}"#)
    return switch form >> 4 & 3 {
    case 1: Array(google.0.utf8) + part + Array(google.1.utf8)
    case 2: Array(microsoft.0.utf8) + part + Array(microsoft.1.utf8)
    default: Array(part)
    }
}
