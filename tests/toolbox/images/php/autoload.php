<?php // Stand-in for Composer's loader: Debian's Laravel, and the folders that the starter's composer.json names.
require_once '/usr/share/php/Illuminate/autoload.php';
foreach (['Illuminate/Foundation', 'Illuminate/Support', 'Illuminate/Collections'] as $folder) {
    if (is_file("/usr/share/php/$folder/helpers.php")) {
        require_once "/usr/share/php/$folder/helpers.php";
    }
}
spl_autoload_register(function (string $class): void {
    foreach (['App\\' => 'app/', 'Tests\\' => 'tests/'] as $prefix => $folder) {
        $file = dirname(__DIR__).'/'.$folder.strtr(substr($class, strlen($prefix)), '\\', '/').'.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
        }
    }
});
