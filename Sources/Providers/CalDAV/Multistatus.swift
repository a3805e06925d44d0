import HTTP
import XML

/// One resource of a multistatus, and what the server says about it.
struct DAVResponse {
    var href: String
    /// Of the resource as a whole, where it has no properties to tell: 404 for one that is gone.
    var status: Int?
    /// The properties that were found.
    var found: [XMLName: XMLElement] = [:]
    /// The statuses of those that were not.
    var refused: [XMLName: Int] = [:]

    func text(_ name: XMLName) -> String? {
        guard let text = found[name]?.text else { return nil }
        let trimmed = DAVText.trimmed(text)
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The addresses that a property holds.
    func hrefs(_ name: XMLName) -> [String] {
        found[name]?.all(.dav("href")).map { DAVText.trimmed($0.text) }.filter { !$0.isEmpty } ?? []
    }

    func types() -> Set<XMLName> { Set(found[.dav("resourcetype")]?.children.map(\.name) ?? []) }

    /// Where one resource is told of several times.
    mutating func merge(_ other: DAVResponse) {
        status = other.status ?? status
        found.merge(other.found) { first, _ in first }
        refused.merge(other.refused) { $1 }
    }
}

/// Reads a 207 answer, one resource at a time: it may have hundreds of thousands.
enum Multistatus {
    /// What stands beside the resources.
    struct Rest {
        var syncToken: String?
    }

    /// What was handed out counts only if this does not throw: of an answer that was cut, nobody knows what it lacks.
    static func read(_ body: [UInt8], _ each: (DAVResponse) throws -> Void) throws -> Rest {
        var rest = Rest()
        let root = try XMLText.forEachChild(of: body) { child in
            switch child.name {
            case .dav("response"): try responses(child).forEach(each)
            case .dav("sync-token"): rest.syncToken = Longest.mark(DAVText.trimmed(child.text))
            default: break
            }
        }
        guard root.name == .dav("multistatus") else {
            throw XMLFault(.malformed, "It is XML, but no multistatus.")
        }
        return rest
    }

    /// One for each of its addresses: several may share a status.
    private static func responses(_ element: XMLElement) -> [DAVResponse] {
        var response = DAVResponse(href: "")
        response.status = status(element)
        for part in element.all(.dav("propstat")) {
            let status = status(part) ?? 200
            for property in part.first(.dav("prop"))?.children ?? [] {
                if (200..<300).contains(status) {
                    response.found[property.name] = property
                } else {
                    response.refused[property.name] = status
                }
            }
        }
        return element.all(.dav("href")).map { href in
            var response = response
            response.href = DAVText.trimmed(href.text)
            return response
        }
    }

    /// `HTTP/1.1 200 OK`, and what servers write that mean it.
    private static func status(_ element: XMLElement) -> Int? {
        element.first(.dav("status"))?.text.split { " \t\r\n".contains($0) }.lazy
            .compactMap { Int($0) }.first { (100..<600).contains($0) }
    }
}

/// What a server says beside an error: the conditions that were not met, as `valid-sync-token`.
struct DAVConditions {
    let names: Set<String>

    init(_ response: Response) {
        guard let root = try? XMLText.element(response.body), root.name.local == "error" else {
            names = []
            return
        }
        names = Set(root.children.map(\.name.local))
    }
}

enum DAVText {
    static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
        guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[first...last])
    }
}
