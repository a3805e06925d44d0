import FoundationEssentials

/// Lists of texts as they stand in a column of a view, as JSON.
enum StoredList {
    static func texts(_ json: String?) -> [String] {
        json.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? []
    }
}
