#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/catalogue/catalogue.h"

namespace relayproof::catalogue {
namespace {

struct Table {
  std::string kind, title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string joined(const Json& object, const char* key, const char* otherwise) {
  const auto found = object.find(key);
  if (found == object.end() || found->empty()) return otherwise;
  return fmt::format("{}", fmt::join(found->get<std::vector<std::string>>(), " "));
}

std::string yesOrNo(const Json& object, const char* key, bool otherwise) {
  return object.value(key, otherwise) ? "yes" : "no";
}

Table domains(const Json& plan) {
  Table table{"domain", "Accepted domains", {"Tenant", "Domain", "Type", "MatchSubDomains"}, {}};
  for (const Json& tenant : plan.at("tenants"))
    for (const Json& domain : tenant.value("acceptedDomains", Json::array()))
      table.rows.push_back({tenant.at("id"), domain.at("name"), domain.value("type", "Authoritative"),
                            yesOrNo(domain, "matchSubDomains", false)});
  return table;
}

Table connectors(const Json& plan) {
  Table table{
      "connector",
      "Inbound connectors",
      {"Tenant", "Connector", "Enabled", "ConnectorType", "TlsSenderCertificateName", "SenderIPAddresses", "RequireTls",
       "RestrictDomainsToCertificate", "RestrictDomainsToIPAddresses", "SenderDomains", "AssociatedAcceptedDomains"},
      {}};
  for (const Json& tenant : plan.at("tenants"))
    for (const Json& connector : tenant.value("inboundConnectors", Json::array()))
      table.rows.push_back(
          {tenant.at("id"), connector.at("name"), yesOrNo(connector, "enabled", true),
           connector.value("connectorType", "OnPremises"), connector.value("tlsSenderCertificateName", ""),
           joined(connector, "senderIPAddresses", ""), yesOrNo(connector, "requireTls", false),
           yesOrNo(connector, "restrictDomainsToCertificate", false),
           yesOrNo(connector, "restrictDomainsToIPAddresses", false), joined(connector, "senderDomains", "*"),
           joined(connector, "associatedAcceptedDomains", "")});
  return table;
}

Table authorities(const Json& plan) {
  Table table{"authority", "Certification authorities to trust for client certificates", {"Number", "PEM"}, {}};
  for (const Json& anchor : plan.at("trustAnchors"))
    table.rows.push_back({std::to_string(table.rows.size() + 1), anchor});
  return table;
}

Table pairs(const Json& object, std::string kind, std::string title, std::vector<std::string> columns) {
  Table table{std::move(kind), std::move(title), std::move(columns), {}};
  for (const auto& [name, value] : object.items()) table.rows.push_back({name, value});
  return table;
}

Table dropped(const Json& plan) {
  Table table{"dropped", "Cases that this set-up cannot carry", {"Case", "Why"}, {}};
  for (const Json& one : plan.at("dropped")) table.rows.push_back({one.at("id"), one.at("why")});
  return table;
}

std::vector<Table> tablesOf(const Json& plan) {
  std::vector<Table> tables = {
      domains(plan), connectors(plan), authorities(plan),
      pairs(plan.at("addresses"), "address", "Client addresses that the run connects from", {"Name", "Address"}),
      pairs(plan.at("routes"), "route", "Routes", {"Mail", "Goes"})};
  if (plan.contains("dropped")) tables.push_back(dropped(plan));
  return tables;
}

std::string markdownCell(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|' || c == '*') cell += '\\';
    if (c == '\n')
      cell += "<br>";
    else
      cell += c;
  }
  return cell;
}

std::string markdownRow(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + markdownCell(cell) + " |";
  return row + "\n";
}

std::string markdown(const Json& plan) {
  const Json& counts = plan.at("counts");
  std::string sheet =
      fmt::format("# The tenancy that the run assumes\n\nProfile {}. ", plan.at("profile").get<std::string>());
  std::vector<std::string> amounts;
  for (const auto& [what, count] : counts.items())
    amounts.push_back(fmt::format("{}: {}", what, count.get<std::size_t>()));
  sheet += fmt::format("Counts: {}.\n", fmt::join(amounts, ", "));
  for (const Table& table : tablesOf(plan)) {
    sheet += fmt::format("\n## {}\n\n", table.title);
    if (table.kind == "authority") {
      for (const auto& row : table.rows) sheet += fmt::format("```\n{}```\n", row.back());
      continue;
    }
    sheet += markdownRow(table.columns) + "|";
    for (std::size_t i = 0; i < table.columns.size(); ++i) sheet += " --- |";
    sheet += "\n";
    for (const auto& row : table.rows) sheet += markdownRow(row);
  }
  return sheet;
}

// RFC 4180.
std::string csvRow(const std::string& kind, const std::vector<std::string>& cells) {
  std::string row = kind;
  for (const std::string& cell : cells) {
    row += ',';
    if (cell.find_first_of("\",\r\n") == std::string::npos) {
      row += cell;
      continue;
    }
    row += '"';
    for (const char c : cell) row += c == '"' ? std::string("\"\"") : std::string(1, c);
    row += '"';
  }
  return row + "\r\n";
}

std::string csv(const Json& plan) {
  std::string sheet;
  for (const auto& [what, count] : plan.at("counts").items())
    sheet += csvRow("count", {what, std::to_string(count.get<std::size_t>())});
  for (const Table& table : tablesOf(plan)) {
    sheet += csvRow("kind", table.columns);
    for (const auto& row : table.rows) sheet += csvRow(table.kind, row);
  }
  return sheet;
}

}  // namespace

std::string planSheet(const Json& plan, const std::string& format) {
  return format == "csv" ? csv(plan) : markdown(plan);
}

}  // namespace relayproof::catalogue
