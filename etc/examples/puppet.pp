# Gateway's configuration with Puppet: a file is put in place only when the whole configuration is good with it.
#
#	class { 'gateway': tls => { 'ssl_certificate_file' => '/etc/ssl/mail.pem', ... } }
#
# validate_cmd has the temporary copy as %. --as says where it will lie, --replace puts it into the tree of the main
# file. With -W error warnings count too. The directory of fragments comes before the file that includes it.
class gateway (
  String $etc                    = '/etc/gateway',
  Hash[String, Scalar] $settings = {
    'server_socket'          => 'local:/var/lib/gateway',
    'run_as_user'            => 'gateway',
    'run_as_group'           => 'gateway',
    'disable_plaintext_auth' => 'yes',
  },
  Hash[String, Scalar] $tls      = {
    'ssl_certificate_file' => "${etc}/cert.pem",
    'ssl_private_key_file' => "${etc}/privkey.pem",
  },
  String $gwcfg                  = 'gwcfg',
  Array[String] $reload          = ['gwctl', 'reload'],
) {
  $path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  $lines = $settings.map |$name, $value| { "${name} = ${value}\n" }
  $tls_lines = $tls.map |$name, $value| { "${name} = ${value}\n" }

  file { [$etc, "${etc}/conf.d"]:
    ensure => directory,
    mode   => '0755',
  }
  -> file { "${etc}/gateway.cfg":
    content      => "# Puppet writes this file.\n${lines.join}!include conf.d\n",
    mode         => '0644',
    validate_cmd => "${gwcfg} check -q -W error --as ${etc}/gateway.cfg %",
  }
  -> file { "${etc}/conf.d/20-tls.cfg":
    content      => "# Puppet writes this file.\n${tls_lines.join}",
    mode         => '0644',
    validate_cmd => "${gwcfg} check -q -W error --replace ${etc}/conf.d/20-tls.cfg=% ${etc}/gateway.cfg",
  }

  exec { 'reload the gateway':
    command     => $reload,
    path        => $path,
    refreshonly => true,
    subscribe   => File["${etc}/gateway.cfg", "${etc}/conf.d/20-tls.cfg"],
  }
}
