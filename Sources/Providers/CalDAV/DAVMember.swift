import Entries
import HTTP
import Secrets
import XML

/// One resource of a collection, as a listing or a report names it.
struct DAVMember: Equatable {
    /// Its path within the collection, normalised: what it is known by, on whichever host and however it is escaped.
    var name: String
    /// As the server wrote it, for asking in its own words.
    var href: String
    /// The ETag as the server wrote it, weak or not; nil where there is none.
    var tag: String?
    /// It says of itself that it is a task or a journal and no event.
    var isOther = false
    /// Its path is too long to be kept, or to be asked for: it goes by a hash of it.
    var isOverlong = false

    static let properties: [XMLName] = [.dav("getetag"), .dav("getcontenttype"), .dav("resourcetype")]

    /// Where a resource of an answer stands.
    enum Place: Equatable {
        /// The collection itself.
        case collection
        case member(DAVMember)
        /// A collection in the collection, which is not looked into.
        case folder
        /// Not in the collection.
        case outside
    }

    static func place(_ response: DAVResponse, in collection: DAVCollection) -> Place {
        guard let path = path(response.href, in: collection),
            let name = DAVPath.name(of: DAVPath.normalised(path), in: collection.path)
        else { return .outside }
        if name.isEmpty { return .collection }
        if response.types().contains(.dav("collection")) || path.hasSuffix("/") { return .folder }
        var member = DAVMember(name: name, href: response.href)
        if !Longest.isIdentifier(name) || !Longest.isIdentifier(response.href) {
            member = DAVMember(name: "overlong:" + SHA256.hash(Array(name.utf8)).hexadecimal, href: "")
            member.isOverlong = true
        }
        member.tag = Longest.mark(response.text(.dav("getetag")))
        member.isOther = isOther(response.text(.dav("getcontenttype")))
        return .member(member)
    }

    /// Where it is asked for alone: at the origin of its collection, whatever host the server writes before its path.
    func address(in collection: DAVCollection) -> Address? {
        guard let target = collection.address.resolving(href: href) else { return nil }
        let query = target.query.map { "?" + $0 } ?? ""
        return try? Address(collection.address.origin.description + target.path + query)
    }

    /// The path of an address. Most are written as paths, and there may be hundreds of thousands.
    private static func path(_ href: String, in collection: DAVCollection) -> String? {
        let isPlain = href.utf8.first == UInt8(ascii: "/") && !href.utf8.contains { $0 < 33 || $0 == 63 || $0 == 127 }
        return isPlain && !href.contains("/.") ? href : collection.address.resolving(href: href)?.path
    }

    /// `text/calendar; component=vtodo`
    private static func isOther(_ type: String?) -> Bool {
        guard let type = type?.lowercased() else { return false }
        return type.split(separator: ";").map { DAVText.trimmed(String($0)).filter { $0 != "\"" } }
            .contains { ["component=vtodo", "component=vjournal", "component=vfreebusy"].contains($0) }
    }
}

/// All members of a collection, by one request.
struct DAVMembers {
    private(set) var members: [DAVMember] = []
    /// Everything in the answer could be placed, so that what is not in it is not there.
    private(set) var isComplete = true

    init(of collection: DAVCollection, client: DAVClient, doing: String) throws {
        var request = client.propfind(collection.address, depth: 1, DAVMember.properties)
        request.limits = .patient
        let response = try client.send(request)
        var places: [String: Int] = [:]
        var seesItself = false
        var count = 0
        var only: DAVResponse?
        _ = try DAVClient.read(response, doing: doing) { found in
            count += 1
            only = count == 1 ? found : nil
            switch DAVMember.place(found, in: collection) {
            case .collection:
                seesItself = true
                // It holds more than it lists.
                if found.status == 507 { isComplete = false }
            case .member(let member):
                if found.status == 404 || found.status == 410 { return }
                if let place = places[member.name] {
                    members[place].tag = member.tag ?? members[place].tag
                } else {
                    places[member.name] = members.count
                    members.append(member)
                }
            case .folder: break
            case .outside: isComplete = false
            }
        }
        try DAVClient.check(only.map { [$0] } ?? [], response, doing: doing)
        // An answer in which a collection does not even find itself says nothing about what it holds.
        guard seesItself || !members.isEmpty else {
            throw ReadingFailure(
                .transient, "empty_answer",
                "\(response.address.origin.host) answered \(doing) with "
                    + (count == 0 ? "nothing at all" : "paths of something else")
                    + ". Nothing was changed because of it.")
        }
    }
}
