import Entries
import HTTP

/// One page of a list.
struct GraphPage {
    let values: [JSONValue]
    let next: String?
    let delta: String?

    init(_ json: JSONObject, _ address: Address, doing: String) throws(GraphRefusal) {
        guard let values = json.value("value")?.elements else { throw GraphRefusal.malformed(address, doing: doing) }
        self.values = values
        next = json.text("@odata.nextLink")
        delta = json.text("@odata.deltaLink")
    }
}

extension Graph {
    func page(_ address: Address, doing: String) throws -> GraphPage {
        do throws(GraphRefusal) {
            return try GraphPage(get(address, doing: doing), address, doing: doing)
        } catch {
            throw error.failure
        }
    }

    func follow(_ link: String, doing: String) throws -> Address {
        guard let address = own(link) else {
            throw ReadingFailure(
                .permanent, "foreign_link",
                "\(base.origin.host) sends elsewhere while \(doing), where the sign-in must not be shown.")
        }
        return address
    }
}
